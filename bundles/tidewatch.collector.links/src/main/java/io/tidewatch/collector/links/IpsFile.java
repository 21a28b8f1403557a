package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.config.FileFailure;
import io.tidewatch.collector.links.Interfaces.Interface;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The list of addresses alone, for the sender in C, which has no statistics: of a link is known whether its address belongs to an
 * interface that is up and has a carrier, and what that interface sent.
 *
 * <p>Sources: the list, see {@link Uplinks}; {@code /sys/class/net/<interface>/statistics/tx_bytes} (kernel ABI
 * sysfs-class-net-statistics).
 */
final class IpsFile extends LinkSource {
    private final ProcFs procFs;

    IpsFile(Path file, ProcFs procFs) {
        super(Kind.IPS_FILE, "list of addresses " + file);
        this.procFs = procFs;
    }

    @Override
    Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics) {
        if (!uplinks.exists()) {
            return Optional.empty();
        }
        List<LinkReading> links = new ArrayList<>();
        for (InetAddress address : uplinks.addresses()) {
            Optional<Interface> known = uplinks.interfaceOf(address);
            LinkReading link = new LinkReading(uplinks.name(address));
            // Without them no address would seem to have one.
            if (uplinks.interfaces() != null) {
                link.put(LinkValue.UP, known.map(Interface::up).orElse(false));
            }
            known.ifPresent(found -> putSent(link, found.name(), diagnostics));
            links.add(link);
        }
        diagnostics.note(
                "statistics",
                "the sender has no statistics: of its links is known only whether their interfaces are up, and what"
                        + " those sent");
        return Optional.of(links);
    }

    private void putSent(LinkReading link, String name, Diagnostics diagnostics) {
        String subject = "tx_bytes of " + name;
        try {
            var fields =
                    procFs.sysFile("class/net/" + name + "/statistics/tx_bytes").read();
            if (!fields.nextLine()) {
                throw fields.missing("bytes");
            }
            link.put(LinkValue.INTERFACE_SENT, (double) fields.number(), subject, diagnostics);
        } catch (NoSuchFileException e) {
            // It disappeared a moment ago.
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject, e);
        } catch (IOException e) {
            diagnostics.damaged(subject, subject + " cannot be read: " + FileFailure.reason(e));
        }
    }
}
