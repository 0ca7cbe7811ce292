"""What the numbers say together: evaluations of a run or of pictures, their verdicts, and runs side by side."""
