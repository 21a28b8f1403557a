package io.tidewatch.command.doctor;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.api.config.WatchedFolder;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Whether the folders are there, and hold what can be used. */
record FolderExamination(Folders folders) {
    void examine(Diagnosis diagnosis) {
        Subject subject = diagnosis.on("folders");
        existing(subject, folders.config(), "configuration", "TIDEWATCH_CONFIG");
        if (!folders.deploy().equals(folders.state().resolve("deploy")) || Files.exists(folders.deploy())) {
            existing(subject, folders.deploy(), "deploy", "TIDEWATCH_DEPLOY");
        }
        if (Files.notExists(folders.state())) {
            subject.note(
                    "the state folder " + folders.state() + " is not there yet",
                    "the agent makes it at its first start; if it has run elsewhere, set TIDEWATCH_STATE to that folder");
        }
        jars(subject);
        if (subject.isFine()) {
            subject.ok("configuration " + folders.config() + ", state " + folders.state() + ", deploy "
                    + folders.deploy());
        }
    }

    private static void existing(Subject subject, Path folder, String what, String variable) {
        if (!Files.isDirectory(folder)) {
            subject.wrong(
                    "the " + what + " folder " + folder + " is not there; the agent does not start without it",
                    "make it, or set " + variable + " to the right one");
        } else if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            subject.note(
                    "the " + what + " folder " + folder + " cannot be read by this user",
                    "run 'tidewatch doctor' as root or as the user of the agent, who must be able to");
        }
    }

    private void jars(Subject subject) {
        if (!Files.isDirectory(folders.deploy()) || !Files.isReadable(folders.deploy())) {
            return;
        }
        try {
            for (Path jar : new WatchedFolder(folders.deploy()).list("[!.]*.jar")) {
                if (!isBundle(jar)) {
                    subject.wrong(
                            jar + " is no OSGi bundle, or not all of one; it is not installed",
                            "copy it anew, under another name first and renamed then, or remove it");
                }
            }
        } catch (IOException e) {
            subject.note(
                    "the jars in " + folders.deploy() + " cannot be listed (" + FileFailure.reason(e) + ")",
                    "look at its medium");
        }
    }

    private static boolean isBundle(Path jar) {
        try {
            RegularFile.require(jar);
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                return manifest != null && manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null;
            }
        } catch (IOException e) {
            return false;
        }
    }
}
