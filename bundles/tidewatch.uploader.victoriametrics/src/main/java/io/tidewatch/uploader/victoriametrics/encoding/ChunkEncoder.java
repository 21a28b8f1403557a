package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.LineWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes slices as gzip-compressed lines into a buffer that is used again for the next chunk.
 *
 * <p>Not safe for use by several threads.
 */
public final class ChunkEncoder implements AutoCloseable {
    /** gzip header (RFC 1952): magic, deflate, no flags, no time, fastest compression, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

    private static final int TRAILER = 8;

    /** Chunks with fewer samples are compressed well: they take little time, and the labels are most of their bytes. */
    private static final int SMALL = 1000;

    /** For small chunks. For all others it would cost four times the processor time for a tenth of the bytes. */
    private static final int THOROUGH = 9;

    private static final int FIRST_BYTES = 8 << 10;

    private final Deflater fast = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 checksum = new CRC32();
    private byte[] buffer = new byte[FIRST_BYTES];
    private int length;
    private long plainLength;
    private int limit;

    /** A chunk without lines. */
    public static byte[] empty() {
        try (ChunkEncoder encoder = new ChunkEncoder()) {
            encoder.encode(List.of(), RequestSize.LARGEST);
            return Arrays.copyOf(encoder.buffer(), encoder.length());
        }
    }

    /**
     * Encodes a chunk, over the one before.
     *
     * @param most the most bytes that it may have
     * @return false if it would have more bytes than the limit; there is no chunk then
     */
    public boolean encode(List<Slice> lines, int most) {
        limit = most;
        if (new Chunk(0, lines).size() >= SMALL) {
            fast.reset();
            return encode(lines, fast);
        }
        // A second one that is kept would hold a quarter of a megabyte. Changing the level of the first between chunks
        // is not safe: deflateParams may leave input behind.
        Deflater thorough = new Deflater(THOROUGH, true);
        try {
            return encode(lines, thorough);
        } finally {
            thorough.end();
        }
    }

    private boolean encode(List<Slice> lines, Deflater deflater) {
        checksum.reset();
        plainLength = 0;
        System.arraycopy(HEADER, 0, buffer, 0, HEADER.length);
        length = HEADER.length;
        try (LineWriter writer = new LineWriter(new Compressed(deflater))) {
            for (Slice line : lines) {
                writer.write(line);
                if (length > limit) {
                    return false;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A buffer in memory cannot fail", e);
        }
        deflater.finish();
        drain(deflater);
        if (length + TRAILER > limit) {
            return false;
        }
        makeRoom(TRAILER);
        writeLittleEndian(checksum.getValue());
        writeLittleEndian(plainLength);
        return true;
    }

    /** The buffer; it holds the chunk in its first {@link #length()} bytes until the next one is encoded. */
    public byte[] buffer() {
        return buffer;
    }

    /** Size of the chunk in bytes. */
    public int length() {
        return length;
    }

    /** Frees what the compression holds outside of the heap. */
    @Override
    public void close() {
        fast.end();
    }

    private void drain(Deflater deflater) {
        // Past the limit nothing is kept: the chunk is given up, and memory stays bounded.
        while (length <= limit) {
            makeRoom(1);
            int count = deflater.deflate(buffer, length, buffer.length - length);
            if (count == 0) {
                return;
            }
            length += count;
        }
    }

    private void makeRoom(int bytes) {
        if (buffer.length - length < bytes) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
    }

    private void writeLittleEndian(long word) {
        for (int shift = 0; shift < 32; shift += 8) {
            buffer[length++] = (byte) (word >>> shift);
        }
    }

    /** Where the writer's bytes go. */
    private final class Compressed extends OutputStream {
        private final Deflater deflater;

        Compressed(Deflater deflater) {
            this.deflater = deflater;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            checksum.update(bytes, from, count);
            plainLength += count;
            deflater.setInput(bytes, from, count);
            drain(deflater);
        }
    }
}
