"""Every module of torch.nn, optimizer, scheduler, distribution, sampler and transform that can be made small."""
import inspect
import itertools
import math

import torch
from torch import distributions, nn, optim
from torch.nn.utils import prune
from torch.optim import lr_scheduler
from torch.utils import data

ARGUMENTS = [(), (2,), (2, 2), (2, 2, 2), (4, 2), (2, 2, 2, 2), (1, 2, 3), (4, 4, [2, 3]),
             ((2,),), (0.1,), (0.1, 0.2), (0.1, 0.1, 0.1), (1, (2, 2)), ((2, 2), 1)]
ONES = torch.ones(2)
PACKED = ("Embedding", "Linear", "LSTM", "GRU", "RNN")  # pickling these ends the process in torch 1.13
TRANSFORMERS = {"Transformer": (2, 1, 1, 1, 2), "TransformerEncoderLayer": (2, 1, 2),
                "TransformerDecoderLayer": (2, 1, 2)}


def first_made(cls, *more):
    """An instance by the first arguments that the class takes."""
    for arguments in itertools.chain(more, ARGUMENTS):
        try:
            return cls(*arguments)
        except Exception:
            continue
    return None


def classes(package, base, seen):
    for name, cls in inspect.getmembers(package, inspect.isclass):
        if issubclass(cls, base) and cls is not base and cls not in seen:
            seen.add(cls)
            yield name, cls


def modules(seen):
    inner = nn.Linear(2, 2)
    layer = nn.TransformerEncoderLayer(2, 1, 2)
    parts = [(layer, 1), (nn.TransformerDecoderLayer(2, 1, 2), 1), (inner, inner), ([inner],)]
    packages = [("nn", nn), ("quantizable", nn.quantizable), ("intrinsic", nn.intrinsic),
                ("qat", nn.qat), ("quantized", torch.ao.nn.quantized),
                ("dynamic", torch.ao.nn.quantized.dynamic),
                ("observer", torch.ao.quantization.observer),
                ("fake", torch.ao.quantization.fake_quantize)]
    for where, package in packages:
        for name, cls in classes(package, nn.Module, seen):
            if where in ("quantized", "dynamic") and name.startswith(PACKED):
                continue
            more = [TRANSFORMERS[name]] if name in TRANSFORMERS else ()
            made = first_made(cls, *(more or (parts if name.startswith("Transformer") else ())))
            if made is not None:
                yield "%s_%s" % (where, name), made
    yield "parametrized", nn.utils.weight_norm(nn.Linear(2, 2))
    yield "spectral", nn.utils.spectral_norm(nn.Linear(2, 2))
    pruned = prune.l1_unstructured(nn.Linear(2, 2), "weight", 1)
    yield "pruned", pruned


def trained(cls):
    net = nn.Linear(2, 1)
    optimizer = cls(net.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        net(ONES).sum().backward()
        optimizer.step()
    return optimizer


def optimizers(seen):
    for name, cls in classes(optim, optim.Optimizer, seen):
        try:
            optimizer = trained(cls)
        except Exception:  # needs sparse gradients, or a closure
            optimizer = cls(nn.Linear(2, 1).parameters(), lr=0.1)
        yield "optim_" + name, optimizer
        yield "optim_state_" + name, optimizer.state_dict()


def schedulers(seen):
    for name, cls in classes(lr_scheduler, object, seen):
        if not name.endswith(("LR", "Restarts", "Plateau")) or name.startswith("_"):
            continue
        for arguments in [(), (2,), ([1, 2],), (math.sqrt,), (0.1, 0.2), (0.1, 4), (0.5,)]:
            try:
                made = cls(optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1, momentum=0.9), *arguments)
            except Exception:
                continue
            yield "scheduler_" + name, made
            if "Lambda" not in name and "Multiplicative" not in name:  # these save a function's attributes
                yield "scheduler_state_" + name, made.state_dict()
            break


def others(seen):
    normal = distributions.Normal(torch.zeros(2), ONES)
    more = [(ONES,), (ONES, ONES), (ONES, ONES, ONES), (normal, []), (normal, 1), (torch.eye(2),),
            (ONES, torch.eye(2)), (3, ONES), (ONES / 2,)]
    for name, cls in classes(distributions, distributions.Distribution, seen):
        made = first_made(cls, *more)
        if made is not None:
            yield "distribution_" + name, made
    rows = data.TensorDataset(torch.ones(4, 2))
    yield "loader", data.DataLoader(rows, batch_size=2)
    yield "subset", data.Subset(rows, [0, 1])
    yield "concat", data.ConcatDataset([rows, rows])
    yield "sampler", data.BatchSampler(data.SequentialSampler(rows), 2, False)
    yield "random_sampler", data.RandomSampler(rows)
    yield "weighted_sampler", data.WeightedRandomSampler([0.5, 0.5], 2)
    yield "packed", nn.utils.rnn.pack_sequence([torch.ones(2, 1), torch.ones(1, 1)])
    yield "dtypes", [v for v in vars(torch).values() if isinstance(v, (torch.dtype, torch.layout))]
    yield "types", [torch.Size([1]), torch.device("cuda:0"), torch.memory_format, torch.finfo,
                    torch.Tensor, torch.FloatTensor, torch.__version__, torch.strided]
    yield "functions", [torch.relu, torch.nn.functional.relu, torch.tanh, nn.functional.gelu]


def values():
    torch.manual_seed(0)
    seen = set()
    for part in (modules, optimizers, schedulers, others):
        yield from part(seen)
