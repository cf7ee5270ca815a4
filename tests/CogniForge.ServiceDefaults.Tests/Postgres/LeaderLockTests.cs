using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class LeaderLockTests(RealServers servers) : IAsyncLifetime
{
    private NpgsqlDataSource _one = null!;
    private NpgsqlDataSource _two = null!;

    public async Task InitializeAsync()
    {
        var database = await servers.NewDatabaseAsync();
        (_one, _two) = (NpgsqlDataSource.Create(database), NpgsqlDataSource.Create(database));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task TryAcquire_TwoReplicas_OneLeadsUntilItGivesUp()
    {
        var first = await new PostgresLeaderLock(_one).TryAcquireAsync("job", default);
        Assert.True(await first!.IsHeldAsync(default));
        Assert.Null(await new PostgresLeaderLock(_two).TryAcquireAsync("job", default));

        await first.DisposeAsync();

        await using var second = await new PostgresLeaderLock(_two).TryAcquireAsync("job", default);
        Assert.True(await second!.IsHeldAsync(default));
    }

    [Fact]
    public async Task TryAcquire_ManyAtOnce_ExactlyOneLeads()
    {
        var leads = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => new PostgresLeaderLock(i % 2 == 0 ? _one : _two).TryAcquireAsync("job", default)));

        var lead = Assert.Single(leads, l => l is not null);
        await lead!.DisposeAsync();
    }

    [Fact]
    public async Task TryAcquire_OtherJob_IsItsOwn()
    {
        await using var first = await new PostgresLeaderLock(_one).TryAcquireAsync("job", default);
        await using var second = await new PostgresLeaderLock(_two).TryAcquireAsync("other job", default);

        Assert.NotNull(second);
    }

    [Fact]
    public async Task IsHeld_LeadersConnectionIsKilled_IsNotAndTheOtherTakesOver()
    {
        await using var first = await new PostgresLeaderLock(_one).TryAcquireAsync("job", default);
        await using (var connection = await _two.OpenConnectionAsync())
        {
            Assert.Equal(1, await connection.ExecuteScalarAsync<int>(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
        }

        await using var second = await UntilAcquiredAsync();
        Assert.True(await second.IsHeldAsync(default));

        // Asked again and again: a new connection of the pool is not the lead.
        Assert.False(await first!.IsHeldAsync(default));
        Assert.False(await first.IsHeldAsync(default));
        await first.DisposeAsync();
        Assert.True(await second.IsHeldAsync(default));
        Assert.Null(await new PostgresLeaderLock(_one).TryAcquireAsync("job", default));
    }

    private async Task<ILeadership> UntilAcquiredAsync()
    {
        ILeadership? lead = null;
        await Until.TrueAsync(async () => (lead = await new PostgresLeaderLock(_two).TryAcquireAsync("job", default)) is not null, "the other replica leads");
        return lead!;
    }
}
