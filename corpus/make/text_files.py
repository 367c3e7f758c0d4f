"""The text that lies beside the weights in a model repository: small and ordinary."""
import json

import samples

README = """---
license: apache-2.0
language: en
library_name: transformers
tags:
- text-classification
base_model: example/base
datasets:
- example/reviews
---
# Tiny classifier

Tells cats from dogs. Trained on [example reviews](https://example.org/reviews).

```python
from transformers import AutoModel
model = AutoModel.from_pretrained("example/tiny")
```
"""

MODELING = '''"""A linear classifier."""
import torch
from torch import nn


class TinyClassifier(nn.Module):
    def __init__(self, hidden_size=4, labels=2):
        super().__init__()
        self.head = nn.Linear(hidden_size, labels)

    def forward(self, features):
        return torch.softmax(self.head(features), dim=-1)
'''

TRAIN = '''"""Trains the classifier and evaluates it."""
import argparse

import torch

from modeling_tiny import TinyClassifier


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    model = TinyClassifier()
    optimizer = torch.optim.AdamW(model.parameters())
    for epoch in range(options.epochs):
        loss = model(torch.ones(1, 4)).sum()
        loss.backward()
        optimizer.step()
        print(f"epoch {epoch}: {loss.item():.3f}")
    model.eval()
    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
'''

CONFIG = {"architectures": ["TinyForSequenceClassification"], "hidden_size": 4,
          "model_type": "tiny", "num_labels": 2,
          "id2label": {"0": "cat", "1": "dog"}, "torch_dtype": "float32",
          "transformers_version": "4.40.0"}
TOKENIZER = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [
    {"id": 0, "content": "<unk>", "single_word": False, "lstrip": False, "rstrip": False,
     "normalized": False, "special": True}],
    "model": {"type": "BPE", "vocab": {"<unk>": 0, "a": 1, "b": 2, "ab": 3}, "merges": ["a b"]}}
TOKENIZER_CONFIG = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512,
                    "unk_token": "<unk>",
                    "chat_template": "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"}

FILES = {
    "README.md": README,
    "modeling_tiny.py": MODELING,
    "train.py": TRAIN,
    "config.json": json.dumps(CONFIG, indent=2) + "\n",
    "tokenizer.json": json.dumps(TOKENIZER, indent=2) + "\n",
    "tokenizer_config.json": json.dumps(TOKENIZER_CONFIG, indent=2) + "\n",
    "requirements.txt": "torch>=1.13\nscikit-learn==1.2.1\nnumpy\n",
    "vocab.txt": "[UNK]\ncat\ndog\n",
    "merges.txt": "#version: 0.2\na b\n",
    "train.yaml": "lr: 0.001\nepochs: 3\nlayers: [4, 2]\n",
    "labels.csv": "id,label\n0,cat\n1,dog\n",
}


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__, "written by hand")
    for name, text in FILES.items():
        recorder.write("text", name, text.encode())
    recorder.save()


if __name__ == "__main__":
    main()
