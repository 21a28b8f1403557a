package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of Markdown as GitHub shows it: its links, and what they may point to. */
final class MarkdownPage {
    /** Not of the project, or made from it. */
    private static final Set<String> FOREIGN = Set.of("target", ".git", ".tools", ".run", ".m2");

    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*\\]\\(([^()\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final String BLOCK = ": (\\S+) -->\\n```\\w*\\n(.*?)```\\n";

    private final Path file;
    private final List<String> prose = new ArrayList<>();
    private final String text;

    MarkdownPage(Path file) throws IOException {
        this.file = file;
        this.text = Files.readString(file);
        boolean code = false;
        for (String line : text.lines().toList()) {
            boolean fence = line.stripLeading().startsWith("```");
            if (!code && !fence) {
                prose.add(line);
            }
            code ^= fence;
        }
    }

    /** Every page below a folder that belongs to the project. */
    static List<MarkdownPage> below(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                boolean foreign = !visited.equals(folder)
                        && FOREIGN.contains(visited.getFileName().toString());
                return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) {
                if (visited.toString().endsWith(".md")) {
                    files.add(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        List<MarkdownPage> pages = new ArrayList<>();
        for (Path found : files) {
            pages.add(new MarkdownPage(found));
        }
        return pages;
    }

    Path file() {
        return file;
    }

    /** All of it. */
    String text() {
        return text;
    }

    /** What stands outside blocks of code. */
    List<String> prose() {
        return prose;
    }

    /** The targets of its links, as written; of pictures too. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        // A link may be broken over two lines, between its text and within it.
        Matcher link = LINK.matcher(CODE.matcher(String.join("\n", prose)).replaceAll("code"));
        while (link.find()) {
            links.add(link.group(1));
        }
        return links;
    }

    /** What follows a {@code #} in links to it: the headings as GitHub writes them. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : prose) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                for (int count = 1; !anchors.add(anchor); count++) {
                    anchor = anchor.replaceFirst("-" + (count - 1) + "$", "") + "-" + count;
                }
            }
        }
        return anchors;
    }

    /** Why its links to files do not arrive, one line each; empty if all do. */
    List<String> brokenLinks() throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : links()) {
            if (link.matches("[a-z]+:.*")) {
                continue;
            }
            String path = link.replaceFirst("#.*", "");
            Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
            if (!Files.exists(target)) {
                broken.add(file + ": " + link + " is not there");
            } else if (link.contains("#")) {
                String anchor = link.substring(link.indexOf('#') + 1);
                if (!target.toString().endsWith(".md")
                        || !new MarkdownPage(target).anchors().contains(anchor)) {
                    broken.add(file + ": " + link + " has no such heading");
                }
            }
        }
        return broken;
    }

    /** The blocks of code that are whole files, each below a comment {@code file: name}: name and content. */
    List<FileBlock> files() {
        return blocks("file");
    }

    /** The blocks of code that are a part of a file, each below a comment {@code from: path}. */
    List<FileBlock> quotes() {
        return blocks("from");
    }

    private List<FileBlock> blocks(String kind) {
        List<FileBlock> files = new ArrayList<>();
        Matcher block = Pattern.compile("<!-- " + kind + BLOCK, Pattern.DOTALL).matcher(text);
        while (block.find()) {
            files.add(new FileBlock(block.group(1), block.group(2)));
        }
        return files;
    }

    /** A file, or a part of one, that a page shows. */
    record FileBlock(String name, String content) {}
}
