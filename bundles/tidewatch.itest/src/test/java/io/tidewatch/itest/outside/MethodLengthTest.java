package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Methods that are shipped have at most 50 lines from brace to brace; the exceptions may only become fewer and shorter. */
class MethodLengthTest {
    private static final int MOST = 50;

    /** Lines of each exception; overloads count as the longest. Lower or remove an entry when its method shrinks. */
    private static final Map<String, Long> LONG = Map.of("StorageHealth.of", 55L, "TailVerb.run", 53L);

    @Test
    void methodsStayShort() throws IOException {
        Map<String, Long> lengths = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(FileLengthTest.shipped()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Lengths(unit, positions, lengths).scan(unit, null);
            }
        }
        assertThat(lengths).hasSizeGreaterThan(2000);
        lengths.values().removeIf(lines -> lines <= MOST);
        assertThat(lengths).isEqualTo(LONG);
    }

    /** Collects the lengths of the methods and constructors of a file, by file and name. */
    private static final class Lengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Map<String, Long> lengths;

        private Lengths(CompilationUnitTree unit, SourcePositions positions, Map<String, Long> lengths) {
            this.unit = unit;
            this.positions = positions;
            this.lengths = lengths;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            BlockTree body = method.getBody();
            if (body != null) {
                LineMap lines = unit.getLineMap();
                long length = lines.getLineNumber(positions.getEndPosition(unit, body))
                        - lines.getLineNumber(positions.getStartPosition(unit, body))
                        + 1;
                String file =
                        unit.getSourceFile().getName().replaceFirst(".*/", "").replace(".java", "");
                lengths.merge(file + "." + method.getName(), length, Math::max);
            }
            return super.visitMethod(method, null);
        }
    }
}
