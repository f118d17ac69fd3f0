"""google/protobuf/empty.proto, in our pool. Written by tools/make_protos.py."""

import google.protobuf.empty_pb2

class Empty(google.protobuf.empty_pb2.Empty): ...  # type: ignore[misc]  # final, and a class of its own here
