using System.Net;
using System.Text.Json;
using CogniForge.Messaging.Journal;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly FakeSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_Running_StoresRecordsInOrder()
    {
        using var journal = await StartAsync();

        Append(journal, "one", "two", "three");

        await StoredAsync("one", "two", "three");
    }

    [Fact]
    public async Task Append_ManyRecords_StoresBatchesUpToOneThousand()
    {
        using var journal = Open();
        Append(journal, [.. Enumerable.Range(0, 2_500).Select(i => $"{i}")]);

        await journal.StartAsync(default);
        await Until.TrueAsync(() => _sink.Texts.Count == 2_500, "the records are stored");

        Assert.All(_sink.Batches, b => Assert.InRange(b.Count, 1, 1_000));
        Assert.Equal(3, _sink.Batches.Count);
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"{i}"), _sink.Texts);
    }

    [Fact]
    public async Task Append_LargeRecords_StoresBatchesUpTo256KiB()
    {
        using var journal = Open();
        Append(journal, [.. Enumerable.Repeat(new string('x', 100_000), 6)]);

        await journal.StartAsync(default);
        await Until.TrueAsync(() => _sink.Texts.Count == 6, "the records are stored");

        Assert.All(_sink.Batches, b => Assert.InRange(b.Count, 1, 2));
    }

    [Fact]
    public async Task Append_AnyText_IsUnchanged()
    {
        using var journal = await StartAsync();
        string[] texts = ["line\nfeed\r\n", "\u2028 \0 \u0007", "ünï 🦊", "\"quoted\" \\ back", ""];

        Append(journal, texts);

        await StoredAsync(texts);
    }

    [Fact]
    public async Task Append_Full_ThrowsAndKeepsRecords()
    {
        using var journal = Open(maxBytes: 1_000);
        var appended = 0;
        Assert.Throws<JournalFullException>(() =>
        {
            for (; appended < 100; appended++)
            {
                Append(journal, $"{appended}");
            }
        });

        await journal.StartAsync(default);
        await StoredAsync([.. Enumerable.Range(0, appended).Select(i => $"{i}")]);
        Append(journal, "room again");
    }

    [Fact]
    public async Task FindFault_FullUntilDrained_NamesIt()
    {
        using var journal = Open(maxBytes: 1_000);
        Append(journal, "one");
        Assert.Null(journal.FindFault());

        Assert.Throws<JournalFullException>(() => Append(journal, new string('x', 600), new string('y', 600)));

        Assert.Equal("The journal is full.", journal.FindFault());
        await journal.StartAsync(default);
        await StoredAsync("one", new string('x', 600));
        Assert.Null(journal.FindFault());
    }

    [Fact]
    public void FindFault_DiskFull_NamesItWhileItLasts()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        Directory.CreateDirectory(_folder[Path.Combine("fact", "slot-0")]);
        File.CreateSymbolicLink(_folder[Path.Combine("fact", "slot-0", "journal.jsonl")], "/dev/full");
        using var journal = Open();

        Assert.Throws<JournalFullException>(() => Append(journal, "one"));

        Assert.Contains("No space left on device", journal.FindFault(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindFault_Writable_LeavesRecordsAsTheyAre()
    {
        using var journal = Open();
        Append(journal, "one");
        Assert.Null(journal.FindFault());
        Append(journal, "two");
        Assert.Null(journal.FindFault());

        await journal.StartAsync(default);
        await StoredAsync("one", "two");
    }

    [Fact]
    public void Open_FolderNotWritable_NamesSetting()
    {
        File.WriteAllText(_folder["fact"], "");

        var error = Assert.Throws<IOException>(() => Open());

        Assert.StartsWith("CogniForge:JournalDirectory must be a writable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outage_Stores_LosesAndDuplicatesNothing()
    {
        var failures = 3;
        _sink.Before = (_, _) => failures-- > 0 ? throw new BrokerUnavailableException("away") : Task.CompletedTask;
        using var journal = await StartAsync();

        Append(journal, "one", "two");

        await StoredAsync("one", "two");
        Assert.Equal(4, _sink.Calls);
    }

    [Fact]
    public async Task Outage_SinkCancels_JournalContinues()
    {
        // For example, the timeout of an HTTP client.
        var failures = 1;
        _sink.Before = (_, _) =>
            failures-- > 0 ? throw new TaskCanceledException("It took too long.") : Task.CompletedTask;
        using var journal = await StartAsync();

        Append(journal, "one");

        await StoredAsync("one");
    }

    [Fact]
    public async Task Refusal_OneRecord_IsSetAsideAndOthersStored()
    {
        using var journal = Open();
        Append(journal, "good", "bad", "fine");
        var outages = 2;
        _sink.Before = (records, _) =>
            records.Any(r => r.Text == "bad") ? throw new InvalidOperationException("It can never be stored.")
            : records.Any(r => r.Text == "fine") && outages-- > 0 ? throw new BrokerUnavailableException("away")
            : Task.CompletedTask;

        await journal.StartAsync(default);
        await StoredAsync("good", "fine");

        var rejected = Assert.Single(File.ReadAllLines(_folder[Path.Combine("fact", "slot-0", "rejected.jsonl")]));
        Assert.Equal("bad", JsonSerializer.Deserialize<Fact>(rejected, CloudEvent.Json)!.Text);
    }

    [Fact]
    public async Task Refusal_RejectedFileFull_DropsAndLogsRecord()
    {
        const long MaxRejectedBytes = 64L << 20;
        using var logs = new LogLines();
        using var loggers = new LoggerFactory([logs]);
        using var journal = Open(logger: loggers.CreateLogger<Journal<Fact>>());
        using (var rejected = File.Create(_folder[Path.Combine("fact", "slot-0", "rejected.jsonl")]))
        {
            rejected.SetLength(MaxRejectedBytes);
        }

        _sink.Before = (records, _) =>
            records.Any(r => r.Text == "bad")
                ? throw new InvalidOperationException("It can never be stored.")
                : Task.CompletedTask;
        Append(journal, "good", "bad", "fine");
        await journal.StartAsync(default);

        await StoredAsync("good", "fine");
        Assert.Equal(MaxRejectedBytes, new FileInfo(_folder[Path.Combine("fact", "slot-0", "rejected.jsonl")]).Length);
        Assert.Contains(
            "A record can never be stored and is lost: rejected.jsonl of its journal is full",
            logs.At(LogLevel.Error)
        );
    }

    [Fact]
    public async Task Start_InvalidLines_AreSetAsideAndOthersStored()
    {
        Directory.CreateDirectory(_folder[Path.Combine("fact", "slot-0")]);
        await File.WriteAllLinesAsync(
            _folder[Path.Combine("fact", "slot-0", "journal.jsonl")],
            ["not json", "", "null", JsonSerializer.Serialize(new Fact(Guid.CreateVersion7(), "good"), CloudEvent.Json)]
        );

        using var journal = await StartAsync();

        await StoredAsync("good");
        Assert.Equal(
            ["not json", "", "null"],
            await File.ReadAllLinesAsync(_folder[Path.Combine("fact", "slot-0", "rejected.jsonl")])
        );
    }

    [Fact]
    public async Task Stop_RecordsPending_StoresThem()
    {
        using var journal = await StartAsync();
        Append(journal, "one");
        await journal.StopAsync(default);

        Assert.Equal(["one"], _sink.Texts);
    }

    [Fact]
    public async Task Stop_StoresUnavailable_KeepsRecords()
    {
        _sink.Before = (_, _) => throw new BrokerUnavailableException("away");
        using (var journal = await StartAsync())
        {
            Append(journal, "one", "two");
            await journal.StopAsync(default);
        }

        _sink.Before = (_, _) => Task.CompletedTask;
        using var next = await StartAsync();

        await StoredAsync("one", "two");
    }

    [Fact]
    public async Task Stop_DuringWrite_DeliversRecordsAgain()
    {
        var writing = new TaskCompletionSource();
        _sink.Before = async (_, token) =>
        {
            writing.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        using (var journal = await StartAsync())
        {
            Append(journal, "one");
            await _clock.AdvanceUntilAsync(
                TimeSpan.FromMilliseconds(50),
                () => writing.Task.IsCompleted,
                "the sink writes"
            );
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await journal.StopAsync(deadline.Token);
        }

        _sink.Before = (_, _) => Task.CompletedTask;
        using var next = await StartAsync();

        await StoredAsync("one");
    }

    [Fact]
    public async Task Open_SlotInUse_UsesNextSlot()
    {
        using var first = await StartAsync();
        using var second = await StartAsync();

        Append(first, "first");
        Append(second, "second");

        await Until.TrueAsync(() => Step() && _sink.Texts.Count == 2, "both are stored");
        Assert.True(Directory.Exists(_folder[Path.Combine("fact", "slot-1")]));
    }

    [Fact]
    public async Task Orphan_ProcessDidNotReturn_IsAdopted()
    {
        var survivor = Open();
        var gone = Open();
        Append(gone, "left behind");
        gone.Dispose();

        await survivor.StartAsync(default);
        await StoredAsync("left behind");
        await survivor.StopAsync(default);
        survivor.Dispose();
    }

    [Fact]
    public async Task Orphan_LeftDuringRun_IsAdopted()
    {
        using var survivor = await StartAsync();
        Append(survivor, "mine");
        await StoredAsync("mine");
        var gone = Open();
        Append(gone, "left behind");
        gone.Dispose();

        // Only a new record or ten seconds wake the loop.
        Append(survivor, "mine again");
        await StoredAsync("mine", "mine again");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Append(survivor, "and again");

        await Until.TrueAsync(() => Step() && _sink.Texts.Contains("left behind"), "the orphan is adopted");
    }

    [Fact]
    public async Task Start_MigrationsPending_Waits()
    {
        var migrations = new MigrationStatus();
        _sink.Before = (_, _) =>
            migrations.Applied.IsCompleted
                ? Task.CompletedTask
                : throw new InvalidOperationException("relation \"completion\" does not exist");
        using var journal = Open(migrations: migrations);
        Append(journal, "one");
        await journal.StartAsync(default);
        for (var i = 0; i < 20; i++)
        {
            Step();
        }

        migrations.SetApplied();

        await StoredAsync("one");
    }

    [Fact]
    public async Task Stop_MigrationsPending_KeepsRecords()
    {
        using (var journal = Open(migrations: new()))
        {
            Append(journal, "one");
            await journal.StartAsync(default);
            await journal.StopAsync(default);
        }

        Assert.Equal(0, _sink.Calls);
        using var next = await StartAsync();
        await StoredAsync("one");
    }

    [Fact]
    public async Task Append_ManyThreads_StoresEachRecordOnce()
    {
        using var journal = await StartAsync();

        await Parallel.ForAsync(
            0,
            2_000,
            (i, _) =>
            {
                Append(journal, $"{i}");
                return ValueTask.CompletedTask;
            }
        );

        await Until.TrueAsync(() => Step() && _sink.Texts.Count >= 2_000, "the records are stored");
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"{i}").Order(), _sink.Texts.Order());
    }

    [Fact]
    public async Task Append_DiskFull_ThrowsRetryableError()
    {
        // Linux's always full device.
        Directory.CreateDirectory(_folder[Path.Combine("fact", "slot-0")]);
        File.CreateSymbolicLink(_folder[Path.Combine("fact", "slot-0", "journal.jsonl")], "/dev/full");
        await using var service = await TestService.StartAsync(
            app =>
                app.MapPost("/facts", (Journal<Fact> journal) => Append(journal, "one")).RequireScope(Scopes.LlmInvoke),
            configure: b => b.Services.AddJournal<Fact, FakeSink>(),
            settings: [("CogniForge:JournalDirectory", _folder.Path)]
        );
        using var client = service.Client();

        using var response = await client.PostAsync("/facts", null);

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Contains(
            service.Logs.At(LogLevel.Error),
            l => l.StartsWith("The journal is not writable", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Stop_InMemory_StoresRecordsAndDeletesFolder()
    {
        string folder;
        await using (
            var service = await TestService.StartAsync(configure: b =>
            {
                b.Services.AddJournal<Fact, FakeSink>();
                b.Services.AddSingleton<IJournalSink<Fact>>(_sink);
            })
        )
        {
            folder = service.Services.GetRequiredService<JournalLocation>().Folder;
            Append(service.Services.GetRequiredService<Journal<Fact>>(), "one");
        }

        Assert.Equal(["one"], _sink.Texts);
        Assert.False(Directory.Exists(folder));
    }

    private Journal<Fact> Open(
        long maxBytes = 1 << 20,
        MigrationStatus? migrations = null,
        ILogger<Journal<Fact>>? logger = null
    )
    {
        if (migrations is null)
        {
            migrations = new();
            migrations.SetApplied();
        }

        var options = Options.Create(
            new CogniForgeOptions { JournalDirectory = _folder.Path, JournalMaxBytes = maxBytes }
        );
        var service = new ServiceDescription("llm", "llmdb", typeof(JournalTests).Assembly);
        return new(
            _sink,
            new JournalLocation(options, new AvailableDependencies(false, false, false), service),
            options,
            service,
            migrations,
            _clock,
            logger ?? NullLogger<Journal<Fact>>.Instance
        );
    }

    private async Task<Journal<Fact>> StartAsync()
    {
        var journal = Open();
        await journal.StartAsync(default);
        return journal;
    }

    private static void Append(Journal<Fact> journal, params IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            journal.Append(new(Guid.CreateVersion7(), text));
        }
    }

    private async Task StoredAsync(params string[] texts)
    {
        await Until.TrueAsync(() => Step() && _sink.Texts.Count >= texts.Length, "the records are stored");
        Assert.Equal(texts, _sink.Texts);
    }

    private bool Step()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        return true;
    }
}
