using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.Messaging.Tests.TransactionalOutbox;

/// <summary>The database of one test with an outbox, and direct access to it.</summary>
internal sealed class OutboxDatabase : IAsyncDisposable
{
    private const string Listeners =
        "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN outbox'";

    private readonly NpgsqlDataSource _source;

    private OutboxDatabase(string connectionString) =>
        (ConnectionString, _source) = (connectionString, NpgsqlDataSource.Create(connectionString));

    public string ConnectionString { get; }

    public string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    public static async Task<OutboxDatabase> CreateAsync(RealServers servers)
    {
        var database = new OutboxDatabase(await servers.NewDatabaseAsync());
        await Migrations.ApplyAsync(database._source, typeof(Migrations).Assembly, default);
        return database;
    }

    /// <summary>Commits events as a service does.</summary>
    public async Task CommitAsync(TestService service, params CloudEvent[] events)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await service.Services.GetRequiredService<Outbox>().CommitAsync(transaction, events, default);
    }

    /// <summary>Commits events like a process that dies before its signal.</summary>
    public async Task CommitWithoutSignalAsync(params CloudEvent[] events)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var e in events)
        {
            await Outbox.AddAsync(transaction, e, default);
        }

        await transaction.CommitAsync();
    }

    /// <summary>Waits until a number of replicas listen.</summary>
    public Task ListenersAsync(int count) =>
        Until.TrueAsync(
            async () => await ScalarAsync($"SELECT count(*) {Listeners}") == count,
            $"{count} replicas listen"
        );

    /// <summary>Ends the connections of listening replicas, like a failover.</summary>
    public Task EndListenersAsync() => ScalarAsync($"SELECT count(pg_terminate_backend(pid)) {Listeners}");

    public Task<long> WaitingAsync() => ScalarAsync("SELECT count(*) FROM outbox");

    public Task EmptyAsync() => Until.TrueAsync(async () => await WaitingAsync() == 0, "the outbox is empty");

    public async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
