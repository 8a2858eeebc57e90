"""Run work on untrusted input in a process of its own, with limits on time, memory and output.

The worker is a module that calls `sandbox.worker.work` when it is run. Its parent calls `sandbox.runner.run`:

    pdf = await run("printing.worker", html, limits=Limits(...))

Only the standard library is imported, because a user may wait for each worker to start.
"""
