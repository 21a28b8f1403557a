package io.tidewatch.config;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A part made of files that a test wrote. */
final class ShelfPart implements Catalogue.Part {
    private final Path folder;
    private final List<URL> metatypes = new ArrayList<>();
    private final List<URL> components = new ArrayList<>();
    private final List<URL> checks = new ArrayList<>();

    ShelfPart(Path folder) {
        this.folder = folder;
    }

    /** Metatype of a PID: its keys, those that begin with an exclamation mark of type Password. */
    ShelfPart metatype(String pid, String... keys) throws IOException {
        return metatype("pid", pid, keys);
    }

    /** The same of a factory. */
    ShelfPart factory(String pid, String... keys) throws IOException {
        return metatype("factoryPid", pid, keys);
    }

    private ShelfPart metatype(String attribute, String pid, String... keys) throws IOException {
        StringBuilder text =
                new StringBuilder("<metatype:MetaData xmlns:metatype='http://www.osgi.org/xmlns/metatype/v1.4.0'>"
                        + "<OCD id='x' name='x'>");
        for (String key : keys) {
            boolean secret = key.startsWith("!");
            text.append("<AD id='")
                    .append(secret ? key.substring(1) : key)
                    .append("' type='")
                    .append(secret ? "Password" : "String")
                    .append("'/>");
        }
        text.append("</OCD><Designate ")
                .append(attribute)
                .append("='")
                .append(pid)
                .append("'><Object ocdref='x'/></Designate></metatype:MetaData>");
        metatypes.add(write(text.toString()));
        return this;
    }

    ShelfPart component(String attributes) throws IOException {
        components.add(write("<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.5.0' " + attributes + "/>"));
        return this;
    }

    ShelfPart check(Class<?> check) throws IOException {
        return checkNamed("# a comment\n" + check.getName() + " # another\n");
    }

    ShelfPart checkNamed(String list) throws IOException {
        checks.add(write(list));
        return this;
    }

    ShelfPart brokenMetatype() throws IOException {
        metatypes.add(write("<OCD"));
        return this;
    }

    @Override
    public String name() {
        return "shelf";
    }

    @Override
    public List<URL> metatypes() {
        return metatypes;
    }

    @Override
    public List<URL> components() {
        return components;
    }

    @Override
    public List<URL> checks() {
        return checks;
    }

    @Override
    public Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name);
    }

    private URL write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "part", ".xml"), text)
                .toUri()
                .toURL();
    }
}
