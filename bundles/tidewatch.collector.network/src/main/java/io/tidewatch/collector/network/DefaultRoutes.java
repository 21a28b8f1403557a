package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The interfaces that have, or had while they were there, a default route: the uplinks of the machine. One that loses its
 * route to another stays, so that its series do not come and go with every switch.
 *
 * <p>Source: the kernel's {@code net/ipv4/fib_trie.c}, fib_route_seq_show, for {@code /proc/net/route}: interface,
 * destination, gateway, flags, three numbers, mask, in hexadecimal; {@code net/ipv6/route.c}, rt6_info_route, for {@code
 * /proc/net/ipv6_route}: destination, length of its prefix, source, length, next hop, three numbers, flags, interface.
 *
 * <p>Not safe for use by several threads.
 */
final class DefaultRoutes {
    private static final String NO_BITS = "0+";

    /** RTF_UP and RTF_REJECT of linux/route.h. */
    private static final int UP = 0x1;

    private static final int REJECT = 0x200;

    private final ProcFile ipv4;
    private final ProcFile ipv6;
    private final Set<String> uplinks = new TreeSet<>();

    DefaultRoutes(ProcFs procFs) {
        ipv4 = procFs.procFile("net/route");
        ipv6 = procFs.procFile("net/ipv6_route");
    }

    void read(Diagnostics diagnostics) {
        read(ipv4, true, diagnostics);
        read(ipv6, false, diagnostics);
    }

    boolean areOf(String name) {
        return uplinks.contains(name);
    }

    void retain(Collection<String> present) {
        uplinks.retainAll(present);
    }

    private void read(ProcFile file, boolean header, Diagnostics diagnostics) {
        try {
            Fields fields = file.read();
            if (header) {
                fields.nextLine();
            }
            while (fields.nextLine()) {
                try {
                    if (header) {
                        readIpv4(fields);
                    } else {
                        readIpv6(fields);
                    }
                } catch (ProcFormatException e) {
                    diagnostics.damaged(file.path() + " line " + fields.lineNumber(), e);
                }
            }
        } catch (NoSuchFileException e) {
            // A kernel without this protocol.
            return;
        } catch (IOException e) {
            diagnostics.damaged(file.path().toString(), e);
        }
    }

    private void readIpv4(Fields fields) throws ProcFormatException {
        String name = fields.word();
        boolean everywhere = fields.word().matches(NO_BITS);
        fields.skipField();
        int flags = flags(fields);
        skip(fields, 3);
        if (fields.word().matches(NO_BITS) && everywhere && isUsable(flags)) {
            uplinks.add(name);
        }
    }

    private void readIpv6(Fields fields) throws ProcFormatException {
        boolean everywhere = fields.word().matches(NO_BITS);
        everywhere &= fields.word().matches(NO_BITS);
        skip(fields, 6);
        int flags = flags(fields);
        String name = fields.word();
        if (everywhere && isUsable(flags)) {
            uplinks.add(name);
        }
    }

    private static void skip(Fields fields, int count) {
        for (int i = 0; i < count; i++) {
            fields.skipField();
        }
    }

    private static int flags(Fields fields) throws ProcFormatException {
        String text = fields.word();
        try {
            return Integer.parseUnsignedInt(text, 16);
        } catch (NumberFormatException e) {
            throw (ProcFormatException) fields.rejected("hexadecimal flags").initCause(e);
        }
    }

    private static boolean isUsable(int flags) {
        return (flags & UP) != 0 && (flags & REJECT) == 0;
    }
}
