package io.millrace.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports run one way: server → storage → pipeline. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.millrace");

    @Test
    void shouldKeepThePipelineFreeOfNettyRedisAndSql() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.storage..",
                        "io.millrace.server..",
                        "io.netty..",
                        "io.lettuce..",
                        "java.sql..",
                        "org.postgresql..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheStorageFreeOfTheServer() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.millrace.server..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepRedisAndPostgresOutOfEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.storage.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.storage.postgres..", "java.sql..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.millrace.storage.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.storage.redis..", "io.lettuce..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("io.millrace.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
