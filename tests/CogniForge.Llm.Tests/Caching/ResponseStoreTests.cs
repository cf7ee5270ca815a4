using CogniForge.Llm.Caching;
using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Tests.Caching;

public sealed class ResponseStoreTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cogniforge-tests-");

    public static TheoryData<string> Kinds => ["memory", "disk"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Kinds))]
    public async Task Get_Stored_ReturnsResponseUntilExpiry(string kind)
    {
        var store = Open(kind);
        var response = Response("a", "tag");
        await store.SetAsync("A1", response, default);
        Assert.Equivalent(response, await store.GetAsync("A1", default));
        Assert.Null(await store.GetAsync("A2", default));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await store.GetAsync("A1", default));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Purge_Tag_KeepsOtherResponses(string kind)
    {
        var store = Open(kind);
        await store.SetAsync("A1", Response("a", "x", "y"), default);
        await store.SetAsync("A2", Response("b", "y"), default);
        await store.SetAsync("A3", Response("c", "z"), default);

        await store.PurgeAsync("y", default);
        Assert.Null(await store.GetAsync("A1", default));
        Assert.Null(await store.GetAsync("A2", default));
        Assert.NotNull(await store.GetAsync("A3", default));

        await store.PurgeAsync(null, default);
        Assert.Null(await store.GetAsync("A3", default));
    }

    [Fact]
    public async Task Disk_Reopened_KeepsResponsesWithinLimit()
    {
        var first = Open("disk");
        for (var i = 0; i < 20; i++)
        {
            await first.SetAsync($"A{i}", Response(new string('a', 2_000), "t"), default);
        }

        await first.GetAsync("A0", default);

        Assert.NotNull(await Open("disk").GetAsync("A19", default));
        await Open("disk", maxBytes: 20_000).SetAsync("B", Response("b", "t"), default);
        Assert.True(_folder.EnumerateFiles().Sum(f => f.Length) <= 20_000);
    }

    [Fact]
    public async Task Disk_ReadableByOthers_IsTightened()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _folder.UnixFileMode = (UnixFileMode)0b111_101_101;
        var old = Path.Combine(_folder.FullName, "A1.json");
        await File.WriteAllTextAsync(old, "{}");
        File.SetUnixFileMode(old, (UnixFileMode)0b110_100_100);

        await Open("disk").SetAsync("A2", Response("a", "t"), default);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_folder.FullName));
        Assert.Equal(2, _folder.GetFiles().Length);
        Assert.All(_folder.GetFiles(), f => Assert.Equal((UnixFileMode)0b110_000_000, f.UnixFileMode));
    }

    [Fact]
    public async Task Disk_DamagedFile_IsMiss()
    {
        var store = Open("disk");
        await store.SetAsync("A1", Response("a", "t"), default);
        await File.WriteAllTextAsync(Assert.Single(_folder.EnumerateFiles()).FullName, "{");
        Assert.Null(await store.GetAsync("A1", default));
        Assert.Empty(_folder.EnumerateFiles());
    }

    private IResponseStore Open(string kind, long maxBytes = 1_000_000) =>
        kind == "disk"
            ? new DiskResponseStore(_folder.FullName, maxBytes, _time)
            : new MemoryResponseStore(maxBytes, _time);

    private CachedResponse Response(string text, params string[] tags) =>
        new(
            System.Text.Encoding.UTF8.GetBytes(text),
            "fake",
            "model-a",
            "fake/model-a",
            "stop",
            new TokenUsage(1, 2),
            0.001m,
            _time.GetUtcNow(),
            _time.GetUtcNow() + TimeSpan.FromMinutes(1),
            tags
        );
}
