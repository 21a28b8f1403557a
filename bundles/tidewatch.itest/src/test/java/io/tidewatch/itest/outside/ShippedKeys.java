package io.tidewatch.itest.outside;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Every PID of the built distribution with its keys, as the metatype and the components in its jars have them. */
final class ShippedKeys {
    /** PIDs of collectors begin so; these have four keys that no metatype names. */
    static final String COLLECTOR = "tidewatch.collector.";

    private static final String METATYPE = "OSGI-INF/metatype/";
    private static final String POLICY = "configuration-policy";

    /**
     * A key.
     *
     * @param value its default
     * @param text what it means
     */
    record Key(String value, String text) {}

    /**
     * A PID.
     *
     * @param text what it configures
     * @param keys by name, in the order of an operator
     * @param factory whether it may have several configurations
     */
    record Pid(String text, Map<String, Key> keys, boolean factory) {}

    private final Map<String, Pid> pids = new TreeMap<>();
    private final Map<String, Map<String, String>> components = new TreeMap<>();

    private ShippedKeys() {}

    /** Reads them. */
    static ShippedKeys read() throws Exception {
        ShippedKeys all = new ShippedKeys();
        try (Stream<Path> files = Files.walk(AgentProcess.distribution().resolve("bundles"))) {
            for (Path jar : files.filter(file -> file.getFileName().toString().matches("tidewatch\\..*\\.jar"))
                    .sorted()
                    .toList()) {
                all.read(jar);
            }
        }
        return all;
    }

    /** By PID. */
    Map<String, Pid> pids() {
        return pids;
    }

    /** The file of a PID, without {@code .cfg}; with an instance if there is none without a file. */
    String file(String pid, String instance) {
        boolean required =
                "require".equals(components.getOrDefault(pid, Map.of()).get(POLICY));
        return required && pids.get(pid).factory() ? pid + "-" + instance : pid;
    }

    /** The default of a property of a collector, such as {@code interval}. */
    String ofCollector(String pid, String property) {
        String value = components.getOrDefault(pid, Map.of()).get("collector." + property);
        if (value == null) {
            throw new AssertionError(pid + " has no component with collector." + property);
        }
        return value;
    }

    private void read(Path jar) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<JarEntry> entries = new ArrayList<>(file.stream().toList());
            for (JarEntry entry : entries) {
                if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
                    Document document = parse(file, entry);
                    if (entry.getName().startsWith(METATYPE)) {
                        addPid(document);
                    } else {
                        addComponent(document);
                    }
                }
            }
        }
    }

    private static Document parse(JarFile file, JarEntry entry) throws Exception {
        try (InputStream content = file.getInputStream(entry)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(content);
        } catch (IOException e) {
            throw new IOException(file.getName() + ", " + entry, e);
        }
    }

    private void addPid(Document document) {
        Element designate = (Element) document.getElementsByTagName("Designate").item(0);
        boolean factory = designate.hasAttribute("factoryPid");
        String pid = designate.getAttribute(factory ? "factoryPid" : "pid");
        Element definition = (Element) document.getElementsByTagName("OCD").item(0);
        Map<String, Key> keys = new LinkedHashMap<>();
        NodeList attributes = document.getElementsByTagName("AD");
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            keys.put(
                    attribute.getAttribute("id"),
                    new Key(unescaped(attribute.getAttribute("default")), attribute.getAttribute("description")));
        }
        String text = definition.getAttribute("description");
        if (pids.put(pid, new Pid(text.isEmpty() ? definition.getAttribute("name") : text, keys, factory)) != null) {
            throw new AssertionError("Two metatypes for " + pid);
        }
    }

    private void addComponent(Document document) {
        Map<String, String> properties = new TreeMap<>();
        NodeList elements = document.getElementsByTagName("property");
        for (int i = 0; i < elements.getLength(); i++) {
            Element property = (Element) elements.item(i);
            properties.put(property.getAttribute("name"), property.getAttribute("value"));
        }
        Element component = document.getDocumentElement();
        properties.put(POLICY, component.getAttribute(POLICY));
        components
                .computeIfAbsent(component.getAttribute("configuration-pid"), pid -> new TreeMap<>())
                .putAll(properties);
    }

    /** Metatype parts the values of a default by commas, and escapes those within one. */
    private static String unescaped(String text) {
        return text.replace("\\,", ",").replace("\\ ", " ").replace("\\\\", "\\");
    }
}
