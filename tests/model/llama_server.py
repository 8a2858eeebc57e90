"""Serve a model by llama.cpp's own server: `python llama_server.py MODEL.gguf PORT CONTEXT`.

It needs an interpreter with the package xllamacpp, and nothing else. It stops when its standard input closes,
also if the test was killed.
"""

import importlib
import os
import sys

xllamacpp = importlib.import_module("xllamacpp")
path, port, context = sys.argv[1:]
os.nice(19)
parameters = xllamacpp.CommonParams()
parameters.model.path = path
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(port)
parameters.n_ctx = int(context)
parameters.n_parallel = 1
parameters.warmup = False
for cpu in (parameters.cpuparams, parameters.cpuparams_batch):
    # More threads, or threads that poll, would take the machine from everything else.
    cpu.n_threads, cpu.poll = 1, 0
server = xllamacpp.Server(parameters)
sys.stdin.read()
# At a regular exit the threads of the server would be waited for, and they never end.
os._exit(0)
