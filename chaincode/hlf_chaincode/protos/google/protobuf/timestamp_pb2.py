"""google/protobuf/timestamp.proto, in our pool. Written by tools/make_protos.py."""

import google.protobuf.timestamp_pb2

from hlf_chaincode.protos._pool import define

define(globals(), google.protobuf.timestamp_pb2.DESCRIPTOR.serialized_pb)
