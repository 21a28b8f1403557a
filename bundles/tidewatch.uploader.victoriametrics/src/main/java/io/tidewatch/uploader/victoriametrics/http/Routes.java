package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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
public record Routes(Path folder) implements LongSupplier {
    private static final int LONGEST = 64 << 10;

    /** RTF_REJECT of linux/route.h: the kernel has such a route where there is none. */
    private static final long REJECT = 0x200;

    @Override
    public long getAsLong() {
        CRC32 checksum = new CRC32();
        // Columns that count users of a route change with every packet.
        read("route", checksum, 4, 5);
        read("ipv6_route", checksum, 6, 7);
        // Addresses of the device itself; without columns.
        read("fib_trie", checksum, -1, -1);
        return checksum.getValue();
    }

    private void read(String file, CRC32 checksum, int counter, int otherCounter) {
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            int column = -1;
            boolean blank = true;
            for (byte b : in.readNBytes(LONGEST)) {
                boolean space = b == ' ' || b == '\t';
                if (b == '\n') {
                    column = -1;
                } else if (blank && !space) {
                    column++;
                }
                blank = space || b == '\n';
                if (counter < 0 || (!space && column != counter && column != otherCounter)) {
                    checksum.update(b);
                }
            }
        } catch (IOException e) {
            // No such file on this system, or no IPv6: what is not there does not change.
            checksum.update(0);
        }
    }

    /** Whether there is a default route; also true where the files are missing, so that nothing is known. */
    public boolean hasDefault() {
        boolean unknown = !Files.isReadable(folder.resolve("route"));
        return unknown
                || contains(
                        "route",
                        fields -> fields.length > 7 && fields[1].equals("00000000") && fields[7].equals("00000000"))
                || contains(
                        "ipv6_route",
                        fields -> fields.length > 9
                                && fields[0].matches("0{32}")
                                && fields[1].equals("00")
                                && (Long.parseLong(fields[8], 16) & REJECT) == 0
                                && !fields[9].equals("lo"));
    }

    private boolean contains(String file, Predicate<String[]> wanted) {
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .anyMatch(wanted);
        } catch (IOException | NumberFormatException e) {
            // Without this file or this line there is no such route.
            return false;
        }
    }
}
