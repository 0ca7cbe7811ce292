import gc

import numpy as np

import ganbook as gb
from ganbook.utils import backend


def graphs():
    """Names of the graphs that are alive."""
    gc.collect()
    return sorted(thing.name for thing in gc.get_objects() if type(thing).__name__ == "FuncGraph")


def test_a_run_that_nobody_holds_leaves_no_graph_and_so_no_weights_behind(tmp_path):
    before = graphs()
    options = {
        "network": "mlp",
        "hidden": "64,64",
        "jit": "off",
        "image_size": 12,
        "batch_size": 16,
        "steps": 2,
        "wait": True,
    }
    gb.train("digits", runs_dir=tmp_path, **options)
    assert graphs() == before


def test_the_gradient_of_a_function_with_a_custom_gradient_is_taken_long_after_it_was_traced():
    tf = backend.tensorflow()

    @tf.custom_gradient
    def twice(x):
        return 2 * x, lambda upstream: 5 * upstream  # wrong, so that it can be told from TensorFlow's own

    @tf.function
    def outer(x):
        return twice(x) + twice(tf.square(x))

    x = tf.constant(3.0)
    outer(x)
    gc.collect()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = outer(x)
    assert np.isclose(tape.gradient(y, x), 5 + 5 * 6)


def test_a_graph_with_a_custom_gradient_is_freed():
    tf = backend.tensorflow()
    before = graphs()

    def trace():
        x = tf.Variable(1.0)
        tf.function(lambda: tf.nn.silu(x), autograph=False)()

    trace()
    assert graphs() == before
