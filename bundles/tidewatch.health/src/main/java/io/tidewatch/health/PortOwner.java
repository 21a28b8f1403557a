package io.tidewatch.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which program listens on a TCP port, as far as /proc shows it
 * (https://docs.kernel.org/networking/proc_net_tcp.html).
 */
record PortOwner(Path proc) {
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;

    /** Its name and process id, or the user that it runs as if no more is readable; empty if nothing is. */
    Optional<String> of(int port) {
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line : lines(proc.resolve("net").resolve(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > INODE
                        && fields[STATE].equals(LISTENING)
                        && fields[LOCAL_ADDRESS].endsWith(String.format(Locale.ROOT, ":%04X", port))) {
                    return Optional.of(process("socket:[" + fields[INODE] + "]")
                            .orElse("a program of the user with id " + fields[UID]
                                    + ", which \"ss -ltnp\" names as root"));
                }
            }
        }
        return Optional.empty();
    }

    /** Those of other users are not readable without privileges. */
    private Optional<String> process(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String name =
                            String.join("", lines(process.resolve("comm"))).strip();
                    return Optional.of(name + ", process " + process.getFileName());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Without /proc no program is known.
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.anyMatch(file -> isLinkTo(file, socket));
        } catch (IOException | UncheckedIOException e) {
            // Of another user, or gone.
            return false;
        }
    }

    private static boolean isLinkTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException | UnsupportedOperationException e) {
            // Closed since it was listed.
            return false;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
