package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The routes and addresses of the device: a number that changes with them, the checksum of what the kernel reports, and
 * whether there is a default route. The files of /proc have no time of change, so they are read; each at most 64 KiB, some
 * 3 KB on a usual device. Where one is missing the number does without it.
 *
 * <p>Source: the kernel's {@code net/ipv4/fib_trie.c} ({@code route}, {@code fib_trie}) and {@code net/ipv6/route.c}
 * ({@code ipv6_route}).
 *
 * <p>Safe for use by several threads.
 */
public final class Routes implements LongSupplier {
    private static final int LONGEST = 64 << 10;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** RTF_REJECT of linux/route.h: the kernel has such a route where there is none. */
    private static final long REJECT = 0x200;

    private final Path folder;

    /** @param folder {@code /proc/net} */
    public Routes(Path folder) {
        this.folder = folder;
    }

    @Override
    public long getAsLong() {
        CRC32 checksum = new CRC32();
        // Columns that count users of a route change with every packet.
        read("route", checksum, 4, 5);
        read("ipv6_route", checksum, 6, 7);
        // Addresses of the device itself.
        read("fib_trie", checksum, -1, -1);
        return checksum.getValue();
    }

    private void read(String file, CRC32 checksum, int counter, int otherCounter) {
        for (String[] columns : lines(file)) {
            for (int i = 0; i < columns.length; i++) {
                if (i != counter && i != otherCounter) {
                    checksum.update(columns[i].getBytes(StandardCharsets.US_ASCII));
                    checksum.update(' ');
                }
            }
        }
    }

    /** Whether there is a default route; also true where the files are missing, so that nothing is known. */
    public boolean hasDefault() {
        return !Files.isReadable(folder.resolve("route"))
                || lines("route").stream()
                        .anyMatch(columns ->
                                columns.length > 7 && columns[1].equals("00000000") && columns[7].equals("00000000"))
                || lines("ipv6_route").stream()
                        .anyMatch(columns -> columns.length > 9
                                && columns[0].matches("0{32}")
                                && columns[1].equals("00")
                                && columns[8].matches("\\p{XDigit}{8}")
                                && (Long.parseLong(columns[8], 16) & REJECT) == 0
                                && !columns[9].equals("lo"));
    }

    /** The columns of each line; none without such a file, or without IPv6. */
    private List<String[]> lines(String file) {
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> SPACE.split(line.strip()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
