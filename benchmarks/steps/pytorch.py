"""PyTorch in the way of its DCGAN example, with what helps on a CPU: channels last, fused Adam, no denormals."""

from __future__ import annotations

import numpy as np

from benchmarks.steps import problem as p


def modules(problem: p.Problem):
    """G and D of the problem as modules with the same initial weights."""
    import torch
    from torch import nn

    torch.set_num_threads(problem.threads)
    torch.set_flush_denormal(True)
    g, d = (iter(weights) for weights in problem.weights)

    def take(weights, *axes):
        array = next(weights)
        return nn.Parameter(torch.from_numpy(np.ascontiguousarray(array.transpose(*axes) if axes else array)))

    def linear(weights, bias=True):
        layer = nn.Linear(1, 1, bias=bias)
        layer.weight = take(weights, 1, 0)
        if bias:
            layer.bias = take(weights)
        return layer

    def norm(weights):
        gamma = take(weights)
        layer = nn.BatchNorm2d(len(gamma), eps=1e-3, momentum=0.1)
        layer.weight, layer.bias = gamma, take(weights)
        return layer

    def conv(kind, weights, bias=True):
        kernel = take(weights, 3, 2, 0, 1)  # HWIO to OIHW, and HWOI to IOHW for the transposed ones
        ours, theirs = (1, 0) if kind is nn.Conv2d else (0, 1)
        layer = kind(kernel.shape[ours], kernel.shape[theirs], 4, 2, 1, bias=bias)
        layer.weight = kernel
        if bias:
            layer.bias = take(weights)
        return layer

    times = (len(problem.weights[1]) - 2) // 2  # that D halves
    base = problem.shape[0] >> times

    class Channels(nn.Module):
        """(B, h·w·C) as Keras orders it → (B, C, h, w) in channels-last memory; or back."""

        def __init__(self, back: bool):
            super().__init__()
            self.back = back

        def forward(self, x):
            if self.back:
                return x.permute(0, 2, 3, 1).reshape(len(x), -1)
            return x.view(len(x), base, base, -1).permute(0, 3, 1, 2)

    if problem.network == "mlp":
        hidden = [layer for _ in range(3) for layer in (linear(g), nn.ReLU())]
        generator = nn.Sequential(*hidden, linear(g), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))
        hidden = [layer for _ in range(3) for layer in (linear(d), nn.ReLU())]
        return generator, nn.Sequential(nn.Flatten(), *hidden, linear(d))
    up = [linear(g, bias=False), Channels(False), norm(g), nn.ReLU()]
    for _ in range(times - 1):
        up += [conv(nn.ConvTranspose2d, g, bias=False), norm(g), nn.ReLU()]
    generator = nn.Sequential(*up, conv(nn.ConvTranspose2d, g), nn.Tanh())
    down = [layer for _ in range(times) for layer in (conv(nn.Conv2d, d), nn.LeakyReLU(0.2))]
    discriminator = nn.Sequential(*down, Channels(True), linear(d))
    return (network.to(memory_format=torch.channels_last) for network in (generator, discriminator))


class PyTorch(p.Loop):
    compiled = False

    def __init__(self, problem: p.Problem):
        super().__init__(problem)
        import torch
        from torch.nn.functional import softplus

        self.torch = torch
        generator, discriminator = modules(problem)

        def adam(network):
            betas = (p.BETA_1, p.BETA_2)
            return torch.optim.Adam(network.parameters(), p.LEARNING_RATE, betas, p.EPSILON, fused=True)

        self.g_optimizer, self.d_optimizer = adam(generator), adam(discriminator)

        def d_loss(real, fake):
            return softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()

        def g_loss(fake):
            return softplus(-discriminator(fake)).mean()

        self.draw, self.d_loss, self.g_loss = generator, d_loss, g_loss
        if self.compiled:
            self.draw, self.d_loss, self.g_loss = (torch.compile(f) for f in (generator, d_loss, g_loss))

    def step(self, real, z_d, z_g):
        torch = self.torch
        real = p.signed(torch.from_numpy(real).permute(0, 3, 1, 2).float())
        fake = self.draw(torch.from_numpy(z_d))
        self.d_optimizer.zero_grad()
        d_loss = self.d_loss(real, fake.detach())
        d_loss.backward()
        self.d_optimizer.step()
        self.g_optimizer.zero_grad()
        g_loss = self.g_loss(fake)
        g_loss.backward()
        self.g_optimizer.step()
        return d_loss.detach(), g_loss.detach()


class PyTorchCompiled(PyTorch):
    compiled = True
