package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.api.config.FileFailure;
import io.tidewatch.collector.links.Interfaces.Interface;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a sender may send from, one in each line of the file that it is started with ({@code /tmp/srtla_ips}), and
 * the interfaces that have them. The place in that list is the {@code conn_id} of srtla-send-rs.
 * Of one pass.
 *
 * @param placed how many addresses are at their place for certain: those before a line that is no address
 * @param interfaces null: they could not be listed
 * @param taken names of the links of a source so far
 */
record Uplinks(
        boolean exists,
        Instant written,
        List<InetAddress> addresses,
        int placed,
        @Nullable Map<InetAddress, Interface> interfaces,
        Set<String> taken) {
    /** Links at most; an encoder has up to eight. */
    static final int MOST = 64;

    private static final int LONGEST = 16 << 10;
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");
    private static final Pattern CONNECTION = Pattern.compile("[0-9]{1,3}");

    /** Reads the file; one that does not exist or cannot be read leaves links without names. */
    static Uplinks read(Path file, Interfaces interfaces, Diagnostics diagnostics) {
        Map<InetAddress, Interface> byAddress = null;
        try {
            byAddress = interfaces.byAddress();
        } catch (IOException e) {
            diagnostics.damaged("interfaces", "the network interfaces cannot be listed: " + FileFailure.reason(e));
        }
        try {
            SourceFile.Content content = SourceFile.read(file, LONGEST);
            return parse(file, content, byAddress, diagnostics);
        } catch (NoSuchFileException e) {
            // Another sender, or none.
        } catch (IOException e) {
            diagnostics.damaged(
                    "ips.file", "the list of addresses " + file + " cannot be read: " + FileFailure.reason(e));
        }
        return new Uplinks(false, Instant.MIN, List.of(), 0, byAddress, new HashSet<>());
    }

    private static Uplinks parse(
            Path file,
            SourceFile.Content content,
            @Nullable Map<InetAddress, Interface> interfaces,
            Diagnostics diagnostics) {
        List<InetAddress> addresses = new ArrayList<>();
        int placed = -1;
        int number = 0;
        for (String line : new String(content.bytes().readAllBytes(), StandardCharsets.ISO_8859_1).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (text.isEmpty()) {
                continue;
            }
            Optional<InetAddress> address = address(text);
            if (address.isPresent()) {
                // Senders make one link of an address, however often it is listed.
                if (!addresses.contains(address.get())) {
                    addresses.add(address.get());
                }
            } else if (placed < 0) {
                placed = addresses.size();
                diagnostics.damaged(
                        "ips.file",
                        file + " line " + number + ": expected an address, found '"
                                + Quote.of(text, LinkReading.LONGEST_QUOTE) + "'; links of later lines have no name");
            }
            if (addresses.size() > MOST) {
                diagnostics.limited("links", file + " has more than " + MOST + " addresses; the others are left out");
                addresses.remove(MOST);
                break;
            }
        }
        return new Uplinks(
                true,
                content.written(),
                addresses,
                placed < 0 ? addresses.size() : placed,
                interfaces,
                new HashSet<>());
    }

    /** Begins with another source, whose links may have the same names. */
    void begin() {
        taken.clear();
    }

    Optional<Interface> interfaceOf(InetAddress address) {
        Map<InetAddress, Interface> known = interfaces;
        return known == null ? Optional.empty() : Optional.ofNullable(known.get(address));
    }

    /** Names the link from an address as no other of this source is named: by its interface, else by the address. */
    String name(InetAddress address) {
        return unique(interfaceOf(address).map(Interface::name).orElseGet(address::getHostAddress));
    }

    /** Names the link at a place in the list, the {@code conn_id} of the sender; nothing if it is no place. */
    Optional<String> name(String connection) {
        if (!CONNECTION.matcher(connection).matches()) {
            return Optional.empty();
        }
        int place = Integer.parseInt(connection);
        return Optional.of(place < placed ? name(addresses.get(place)) : unique("conn" + place));
    }

    /** Returns a name that no other link of this pass has: two modems with one address, or two addresses of one interface. */
    String unique(String name) {
        String unique = name;
        for (int number = 2; !taken.add(unique); number++) {
            unique = name + "-" + number;
        }
        return unique;
    }

    /** Returns the address that a sender wrote, if it is one; asks no name server. */
    static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
