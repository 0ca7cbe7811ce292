"""The graph of a training step leaves nothing to chance: no sum without an order, no variable read while it changes."""

from itertools import combinations

import pytest
import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.grappler import tf_optimizer
from tensorflow.python.training.saver import export_meta_graph

from ganbook import GAN, networks
from ganbook.gan.text import TextGAN
from ganbook.networks import text

SHAPE = (28, 28, 1)


@pytest.mark.parametrize("network", ["mlp", "compact", "dcgan"])
def test_no_sum_in_the_step_takes_whichever_term_comes_first(network):
    gan = GAN(*networks.build(network, SHAPE, 10, seed=2))
    gan.compile("relativistic", r1=0.1, r2=0.1, jit_compile=False)
    step = tf.function(gan.train_step).get_concrete_function((tf.zeros((2, *SHAPE), tf.uint8),))
    assert "AddN" not in {op.type for op in step.graph.get_operations()}


def test_no_variable_is_read_while_it_changes_in_the_graph_as_it_runs():
    """With TensorFlow's dependency pass, an update need not wait for the penalties to read a bias."""
    hidden = {"hidden": (8,), "activation": "relu"}
    gan = TextGAN(text.generator((9, 13), 4, **hidden), text.discriminator((9, 13), **hidden))
    gan.compile("relativistic", r1=1.0, r2=1.0, jit_compile=False)
    step = tf.function(gan.train_step, autograph=False)
    step = step.get_concrete_function((tf.TensorSpec([2, 9], tf.int32),))
    nodes = {node.name: node for node in _optimized(step).node}
    before = _ancestors(nodes)
    uses = {}
    for name, node in nodes.items():
        if "VariableOp" in node.op:
            uses.setdefault(_variable(nodes, name), set()).add(name)
    written = [name for names in uses.values() for name in names if nodes[name].op != "ReadVariableOp"]
    assert len(written) > 20
    for names in uses.values():
        for one, other in combinations(names, 2):
            if {nodes[one].op, nodes[other].op} != {"ReadVariableOp"}:
                assert one in before[other] or other in before[one]


def _optimized(function):
    """The graph of a function after TensorFlow's graph optimiser, set up as it is for this process."""
    exported = export_meta_graph(graph_def=function.graph.as_graph_def(), graph=function.graph)
    exported.collection_def["train_op"].node_list.value.extend(output.name for output in function.outputs)
    return tf_optimizer.OptimizeGraph(context.context().config, exported)


def _inputs(node):
    return [name.lstrip("^").split(":")[0] for name in node.input]


def _variable(nodes, name):
    """Follow the first input to the variable itself."""
    while node := _inputs(nodes[name]):
        name = node[0]
    return name


def _ancestors(nodes):
    """What comes before each node."""
    known = {}
    waiting = list(nodes)
    while waiting:
        name = waiting[-1]
        inputs = _inputs(nodes[name])
        if missing := [i for i in inputs if i not in known]:
            waiting += missing
        else:
            known[waiting.pop()] = set(inputs).union(*(known[i] for i in inputs))
    return known
