package io.tidewatch.collector.hdmi;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.process.Scripts;
import io.tidewatch.testing.process.StubProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Video devices in a tree of kernel files, a stub of v4l2-ctl with answers of the fixtures, and a collector of them. */
final class StubInputs {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    final Path folder;
    final Path devices;
    final HdmiCollector collector;
    private final FixtureTree tree;

    StubInputs(Path root, Map<String, String> config, Map<String, Object> properties) throws IOException {
        tree = FixtureTree.empty(root.resolve("machine"));
        folder = Files.createDirectories(root.resolve("v4l2"));
        devices = Files.createDirectories(root.resolve("dev"));
        StubProgram.V4L2_CTL.install(folder);
        collector = new HdmiCollector(tree.procFs(), devices, config(config), properties);
    }

    HdmiCollector.Config config(Map<String, String> values) {
        Map<String, String> all =
                new HashMap<>(Map.of("command", folder.resolve("v4l2-ctl").toString()));
        all.putAll(values);
        return TypedConfiguration.of(HdmiCollector.Config.class, all);
    }

    ProcFs procFs() {
        return tree.procFs();
    }

    /** Plugs in a video device. */
    StubInputs device(int number, String name) throws IOException {
        tree.write("sys/class/video4linux/video" + number + "/name", name + "\n");
        Files.writeString(devices.resolve("video" + number), "");
        return this;
    }

    StubInputs unplug(int number) throws IOException {
        tree.remove("sys/class/video4linux/video" + number);
        Files.deleteIfExists(devices.resolve("video" + number));
        return this;
    }

    /** Has a device answer a question, by the ending {@code power} or {@code timings}, as a fixture does. */
    StubInputs answer(String device, String fixture) throws IOException {
        Files.copy(
                FIXTURES.resolve(fixture),
                folder.resolve(device + fixture.substring(fixture.lastIndexOf('.'))),
                StandardCopyOption.REPLACE_EXISTING);
        return this;
    }

    /** Has a device without timings, for a reason. */
    StubInputs refuse(String device, String error) throws IOException {
        Files.deleteIfExists(folder.resolve(device + ".timings"));
        return write(device + ".error", error);
    }

    StubInputs write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return this;
    }

    List<String> calls() throws IOException {
        List<String> calls = new Scripts(folder).calls();
        Files.deleteIfExists(folder.resolve("calls"));
        return calls;
    }

    /** Runs a pass: values by name without the prefix {@code hdmi.} and tags, as {@code signal[stream_hdmirx]}. */
    Map<String, Object> pass() throws Exception {
        Map<String, Object> values = new TreeMap<>();
        collector.collect().forEach(sample -> {
            String text = sample.text();
            values.put(
                    sample.metric().name().replaceFirst("^hdmi\\.", "") + sample.tagValues(),
                    text == null ? (Object) sample.value() : text);
        });
        return values;
    }

    List<String> messages() {
        return collector.diagnostics().stream().map(Diagnostic::message).toList();
    }
}
