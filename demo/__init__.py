"""A film cut, graded and rendered through tool calls alone: the demo, and an example of a client."""
