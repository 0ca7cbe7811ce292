import pytest

from ganbook.training.sampling import class_labels

NAMES = ("0", "2", "10", "café")


@pytest.mark.parametrize(("label", "number"), [("2", 1), ("10", 2), ("3", 3), ("cafe\u0301", 3), (2, 2)])
def test_a_label_is_the_name_of_a_class_or_else_its_number(label, number):
    assert class_labels(label, 2, 4, NAMES).tolist() == [number] * 2


@pytest.mark.parametrize("label", ["caff", "4", "-1", "", "9" * 5000])
def test_an_unknown_label_names_the_classes(label):
    with pytest.raises(ValueError, match=r"no class is called .*the 4 classes are '0', '2', '10', 'café'"):
        class_labels(label, 2, 4, NAMES)
