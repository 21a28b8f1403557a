package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Where /proc, /sys and the root of the file systems are. A container that mounts the host's under other paths
 * configures it here, once for all collectors; a test gives the folders of a fixture tree.
 *
 * <p>Immutable: with a changed configuration a new one is registered, and the collectors that use it are rebuilt.
 */
@Component(service = ProcFs.class, configurationPid = "tidewatch.procfs")
@Designate(ocd = ProcFs.Config.class)
public final class ProcFs {
    @ObjectClassDefinition(
            id = "tidewatch.procfs",
            name = "Kernel file systems",
            description = "Where /proc, /sys and the root of the file systems are")
    public @interface Config {
        @AttributeDefinition(description = "Where procfs is mounted")
        String procfs_root() default "/proc";

        @AttributeDefinition(description = "Where sysfs is mounted")
        String sysfs_root() default "/sys";

        @AttributeDefinition(description = "Where the root of the file systems is mounted")
        String rootfs_root() default "/";
    }

    private final Path proc;
    private final Path sys;
    private final Path root;

    @Activate
    public ProcFs(Config config) {
        this(Path.of(config.procfs_root()), Path.of(config.sysfs_root()), Path.of(config.rootfs_root()));
    }

    public ProcFs(Path proc, Path sys, Path root) {
        this.proc = proc;
        this.sys = sys;
        this.root = root;
    }

    /** The path of a file or folder of procfs, as {@code proc("net/dev")}. */
    public Path proc(String relative) {
        return proc.resolve(relative);
    }

    /** The path of a file or folder of sysfs, as {@code sys("class/thermal")}. */
    public Path sys(String relative) {
        return sys.resolve(relative);
    }

    /** Where a mount point of the machine is found, as {@code mounted("/boot")}. */
    public Path mounted(String mountPoint) {
        return root.resolve(mountPoint.startsWith("/") ? mountPoint.substring(1) : mountPoint);
    }

    /**
     * The files and folders of a folder as they are now, by name.
     *
     * @return empty if the folder does not exist: this kernel or machine does not have it
     * @throws IOException if it exists and cannot be listed
     */
    public static List<Path> list(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw new IOException(folder + " cannot be listed", e);
        }
        found.sort(null);
        return found;
    }

    /** A file of procfs, to be read again and again. */
    public ProcFile procFile(String relative) {
        return new ProcFile(proc(relative));
    }

    /** A file of sysfs, to be read again and again. */
    public ProcFile sysFile(String relative) {
        return new ProcFile(sys(relative));
    }
}
