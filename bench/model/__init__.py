"""What a country needs, computed from what one machine measured: `python -m bench.model`.

A small model, not a simulation of Fabric: every cost is what `bench.scale` measured for one declaration and one loan,
in seconds of a core and bytes; every bound a sum of such costs over what one node, one process or one disk gives.
More load never needs less (tests/bench/test_model.py).
"""
