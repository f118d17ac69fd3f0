"""google/protobuf/empty.proto, in our pool. Written by tools/make_protos.py."""

import google.protobuf.empty_pb2

from hlf_chaincode.protos._pool import define

define(globals(), google.protobuf.empty_pb2.DESCRIPTOR.serialized_pb)
