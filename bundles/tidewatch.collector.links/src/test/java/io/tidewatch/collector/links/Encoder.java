package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.collector.links.Interfaces.Interface;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An encoder with three modems whose files a test writes; it is a second after the fixtures were written. */
final class Encoder {
    static final Instant WRITTEN = Instant.ofEpochMilli(1749556546000L);

    /** Long enough for any machine that tests run on. */
    static final Map<String, Object> PATIENT = Map.of("timeout", "1m");

    /** For senders that hang. */
    static final Map<String, Object> IMPATIENT = Map.of("timeout", "600ms");

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    private final Path folder;
    private final FixtureTree tree;
    private final Map<InetAddress, Interface> interfaces = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private boolean listable = true;
    private Instant now = WRITTEN.plusSeconds(1);

    Encoder(Path folder) throws IOException {
        this.folder = folder;
        tree = FixtureTree.empty(Files.createDirectories(folder.resolve("machine")));
        plug("10.0.0.2", "wwan0", true);
        plug("10.64.1.2", "wwan1", true);
        plug("127.0.0.1", "lo", true);
        tree.write("sys/class/net/wwan0/statistics/tx_bytes", "91234567\n");
        tree.write("sys/class/net/wwan1/statistics/tx_bytes", "1234567\n");
        keys.put("stats.file", folder.resolve("srtla-send-stats-*.json").toString());
        keys.put("ips.file", folder.resolve("srtla_ips").toString());
    }

    static String fixture(String name) throws IOException {
        return Files.readString(FIXTURES.resolve(name));
    }

    Encoder with(String key, String value) {
        keys.put(key, value);
        return this;
    }

    void plug(String address, String name, boolean up) throws UnknownHostException {
        interfaces.put(InetAddress.getByName(address), new Interface(name, up));
    }

    void unplug(String address) throws UnknownHostException {
        interfaces.remove(InetAddress.getByName(address));
    }

    /** Whether the interfaces of the machine can be listed. */
    void makeListable(boolean can) {
        listable = can;
    }

    private Map<InetAddress, Interface> interfaces() throws IOException {
        if (!listable) {
            throw new IOException("Too many open files");
        }
        return interfaces;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Writes a file as of the time of the fixtures. */
    Path write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(WRITTEN));
        return file;
    }

    Encoder withLinks() throws IOException {
        write("srtla_ips", fixture("srtla_ips"));
        return this;
    }

    FixtureTree tree() {
        return tree;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    LinksCollector collector() {
        return new LinksCollector(config(), PATIENT, tree.procFs(), this::interfaces, clock());
    }

    LinksCollector.Config config() {
        return TypedConfiguration.of(LinksCollector.Config.class, keys);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    static Map<String, Double> values(List<Sample> samples) {
        return RealMachine.valuesOf(samples);
    }

    static List<String> damage(LinksCollector collector) {
        return messages(collector, Diagnostic.Severity.DAMAGED);
    }

    static List<String> notes(LinksCollector collector) {
        return messages(collector, Diagnostic.Severity.NOTE);
    }

    private static List<String> messages(LinksCollector collector, Diagnostic.Severity severity) {
        return collector.diagnostics().stream()
                .filter(diagnostic -> diagnostic.severity() == severity)
                .map(Diagnostic::message)
                .toList();
    }
}
