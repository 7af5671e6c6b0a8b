from magpie.kit.blobs.blobs import BlobMissing, Blobs, BlobsUnavailable
from magpie.kit.blobs.digest import Digest, digest_of

__all__ = ["BlobMissing", "Blobs", "BlobsUnavailable", "Digest", "digest_of"]
