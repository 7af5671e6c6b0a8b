import sys
from pathlib import Path

# The rig is also a program, `python -m tests.rig`: its modules know each other by that name.
sys.path.insert(0, str(Path(__file__).parents[2]))
