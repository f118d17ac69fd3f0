"""google/protobuf/timestamp.proto, in our pool. Written by tools/make_protos.py."""

import google.protobuf.timestamp_pb2

class Timestamp(google.protobuf.timestamp_pb2.Timestamp): ...  # type: ignore[misc]  # final, and a class of its own here
