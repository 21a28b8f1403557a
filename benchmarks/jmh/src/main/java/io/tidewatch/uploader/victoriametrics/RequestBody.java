package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.encoding.ChunkEncoder;
import io.tidewatch.uploader.victoriametrics.encoding.Chunks;
import io.tidewatch.uploader.victoriametrics.encoding.Lines;
import io.tidewatch.uploader.victoriametrics.encoding.RequestSize;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Makes the body of a request as the uploader does by default, for a benchmark. In the uploader's package, since that
 * exports nothing. Not safe for use by several threads.
 */
public final class RequestBody {
    private final ChunkEncoder encoder = new ChunkEncoder();

    /**
     * Cuts the first chunk of a delivery into lines, encodes and compresses it.
     *
     * @return bytes of the body
     * @throws IllegalStateException unless the chunk is all of the delivery
     */
    public int of(Delivery delivery) {
        UploaderSettings settings = UploaderSettings.DEFAULT;
        Lines lines = Lines.of(delivery, settings.lineValues(), Optional.empty());
        Chunks chunks = new Chunks(lines.slices(), settings.chunkSize(), () -> RequestSize.LARGEST, encoder);
        Chunk chunk = chunks.next(new ArrayList<>());
        if (chunk == null || chunk.size() != delivery.size()) {
            throw new IllegalStateException("A delivery of " + delivery.size() + " samples is not one chunk");
        }
        return encoder.length();
    }
}
