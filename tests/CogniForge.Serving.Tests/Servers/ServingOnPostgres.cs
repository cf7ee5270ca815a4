using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Serving with its stores in Postgres.</summary>
internal sealed class ServingOnPostgres : ServingService
{
    private readonly string _journal;

    public ServingOnPostgres(NpgsqlConnectionStringBuilder database, TimeProvider time)
        : this(database, time, Directory.CreateTempSubdirectory("cogniforge-serving-").FullName) { }

    private ServingOnPostgres(NpgsqlConnectionStringBuilder database, TimeProvider time, string journal)
        : base(
            time,
            ("ConnectionStrings:servingdb", database.ConnectionString),
            ("CogniForge:JournalDirectory", journal)
        ) => _journal = journal;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_journal))
        {
            Directory.Delete(_journal, recursive: true);
        }
    }
}
