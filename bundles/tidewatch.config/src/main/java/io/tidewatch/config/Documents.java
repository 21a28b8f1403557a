package io.tidewatch.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads what bundles carry to tell how they are configured.
 *
 * <p>Source: OSGi Compendium 8, 105.8 (metatype XML) and 112.4 (component description); {@link java.util.ServiceLoader}
 * for the list of checks.
 */
final class Documents {
    static final String METATYPE_FOLDER = "OSGI-INF/metatype/";
    static final String CHECKS = "META-INF/services/io.tidewatch.api.config.ConfigurationCheck";

    private Documents() {}

    /** Returns the keys by PID. */
    static Map<String, KnownKeys> metatype(URL document) throws IOException {
        MetatypeHandler handler = new MetatypeHandler();
        parse(document, handler);
        Map<String, KnownKeys> byPid = new HashMap<>();
        handler.designates.forEach((pid, id) -> {
            Map<String, Boolean> keys = handler.definitions.getOrDefault(id, Map.of());
            Set<String> secret = new HashSet<>(keys.keySet());
            secret.removeIf(key -> !keys.getOrDefault(key, false));
            byPid.put(pid, new KnownKeys(keys.keySet(), secret, !handler.factories.contains(pid)));
        });
        return byPid;
    }

    static Set<String> pidsOfComponent(URL document) throws IOException {
        Set<String> pids = new HashSet<>();
        parse(document, new DefaultHandler() {
            @Override
            public void startElement(String uri, String local, String qualified, Attributes attributes) {
                if (local.equals("component") && !"ignore".equals(attributes.getValue("configuration-policy"))) {
                    String name = attributes.getValue("name");
                    String configured = attributes.getValue("configuration-pid");
                    for (String pid : (configured == null ? "$" : configured).split("\\s+", -1)) {
                        String meant = pid.equals("$") ? name : pid;
                        if (meant != null && !meant.isEmpty()) {
                            pids.add(meant);
                        }
                    }
                }
            }
        });
        return pids;
    }

    static List<String> classes(URL list) throws IOException {
        try (InputStream content = list.openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static void parse(URL document, DefaultHandler handler) throws IOException {
        try (InputStream content = document.openStream()) {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new InputSource(content), handler);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(document + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class MetatypeHandler extends DefaultHandler {
        /** By id of the definition: key, and whether it is a secret. */
        private final Map<String, Map<String, Boolean>> definitions = new HashMap<>();

        /** By PID: id of the definition. */
        private final Map<String, String> designates = new HashMap<>();

        private final Set<String> factories = new HashSet<>();

        private Map<String, Boolean> definition = new HashMap<>();
        private @Nullable String pid;

        @Override
        public void startElement(String uri, String local, String qualified, Attributes attributes) {
            String id = String.valueOf(attributes.getValue("id"));
            switch (local) {
                case "OCD" -> {
                    definition = new HashMap<>();
                    definitions.put(id, definition);
                }
                case "AD" -> definition.put(id, "Password".equalsIgnoreCase(attributes.getValue("type")));
                case "Designate" -> {
                    String factory = attributes.getValue("factoryPid");
                    pid = factory == null || factory.isEmpty() ? attributes.getValue("pid") : factory;
                    if (factory != null && factory.equals(pid)) {
                        factories.add(factory);
                    }
                }
                case "Object" -> {
                    if (pid != null) {
                        designates.put(pid, String.valueOf(attributes.getValue("ocdref")));
                    }
                }
                default -> {}
            }
        }
    }
}
