using System.Net;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Model serving with its stores in Postgres, and a journal of its own.</summary>
internal sealed class ServingOnPostgres : ServingService
{
    private readonly string _journal;

    private ServingOnPostgres(
        NpgsqlConnectionStringBuilder database,
        TimeProvider time,
        string journal,
        string? artifacts,
        (string, string)[] settings
    )
        : base(
            time,
            [
                ("ConnectionStrings:servingdb", database.ConnectionString),
                ("CogniForge:JournalDirectory", journal),
                .. artifacts is null ? [] : new[] { ("Artifacts:Directory", artifacts) },
                .. settings,
            ]
        ) => _journal = journal;

    /// <summary>Starts it, and returns when the migrations are applied: until then, requests get a 503.</summary>
    public static async Task<ServingOnPostgres> StartAsync(
        NpgsqlConnectionStringBuilder database,
        TimeProvider? time = null,
        string? artifacts = null,
        params (string, string)[] settings
    )
    {
        var journal = Directory.CreateTempSubdirectory("cogniforge-serving-").FullName;
        var service = new ServingOnPostgres(database, time ?? TimeProvider.System, journal, artifacts, settings);
        await Until.EqualAsync(HttpStatusCode.OK, service.GetReadyAsync);
        return service;
    }

    private async Task<HttpStatusCode> GetReadyAsync()
    {
        using var ready = await Client.GetAsync("/v2/health/ready");
        return ready.StatusCode;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_journal))
        {
            Directory.Delete(_journal, recursive: true);
        }
    }
}
