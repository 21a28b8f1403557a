package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.LineWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes slices as gzip-compressed lines into a buffer that is used again for the next chunk.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChunkEncoder {
    /** Chunks with fewer samples are compressed well: they take little time, and the labels are most of their bytes. */
    private static final int SMALL = 1000;

    /** For small chunks. For all others it would cost four times the processor time for a tenth of the bytes. */
    private static final int THOROUGH = 9;

    private final Body body = new Body();

    /** A chunk without lines. */
    public static byte[] empty() {
        ChunkEncoder encoder = new ChunkEncoder();
        encoder.encode(List.of(), RequestSize.LARGEST);
        return encoder.body.toByteArray();
    }

    /** Encodes a chunk, over the one before; false if it would be over the limit of bytes: then there is no chunk. */
    public boolean encode(List<Slice> lines, int most) {
        body.begin(most);
        boolean small = Chunk.size(lines) < SMALL;
        try (Gzip gzip = new Gzip(body, small ? THOROUGH : Deflater.BEST_SPEED);
                LineWriter writer = new LineWriter(gzip)) {
            for (Slice line : lines) {
                writer.write(line);
                if (body.over) {
                    return false;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A buffer in memory cannot fail", e);
        }
        return !body.over;
    }

    /** The buffer; it holds the chunk in its first {@link #length()} bytes until the next one is encoded. */
    public byte[] buffer() {
        return body.buffer();
    }

    public int length() {
        return body.size();
    }

    /** Bytes up to a limit. Past it nothing is kept: the chunk is given up, and memory stays bounded. */
    private static final class Body extends ByteArrayOutputStream {
        private static final int FIRST_BYTES = 8 << 10;

        private int limit;
        private boolean over;

        Body() {
            super(FIRST_BYTES);
        }

        void begin(int most) {
            reset();
            limit = most;
            over = false;
        }

        byte[] buffer() {
            return buf;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            over |= length > limit - count;
            if (!over) {
                super.write(bytes, from, length);
            }
        }
    }

    private static final class Gzip extends GZIPOutputStream {
        private static final int BUFFER_BYTES = 4 << 10;

        Gzip(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
