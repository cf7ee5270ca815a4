using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// A gateway whose mock costs a millionth of a USD for each output token: "Hello" is answered for four of them.
/// </summary>
internal sealed class LimitedGateway : ServiceHost<Program>
{
    public const string Hello = """{"model":"mock","messages":[{"role":"user","content":"Hello"}],"max_tokens":4}""";

    private readonly string _journal;

    private LimitedGateway(Action<IWebHostBuilder> configure)
        : this(configure, Path.Combine(Path.GetTempPath(), $"cogniforge-limits-{Guid.CreateVersion7():n}")) { }

    private LimitedGateway(Action<IWebHostBuilder> configure, string journal)
        : base(builder =>
        {
            builder.UseSetting("CogniForge:JournalDirectory", journal);
            configure(builder);
        }) => _journal = journal;

    /// <summary>With its stores in memory.</summary>
    public static Task<LimitedGateway> InMemoryAsync(TimeProvider? time = null) =>
        new LimitedGateway(builder => Use(builder, time)).ReadyAsync();

    /// <summary>
    /// With its stores in memory, and a provider whose model <c>fake</c> costs as much: <c>fake</c> with chat
    /// completions alone, <c>openai-fake</c> and <c>anthropic-fake</c> with all protocols of their kinds.
    /// </summary>
    public static Task<LimitedGateway> WithAsync(
        FakeProvider provider,
        TimeProvider? time = null,
        params (string Name, string Value)[] settings
    ) =>
        new LimitedGateway(builder =>
        {
            Use(builder, time);
            builder.UseSetting("Timeouts:Answer", "00:01:00"); // the clock advances step by step
            builder.UseSetting("Providers:fake:BaseUrl", provider.BaseUrl);
            foreach (var kind in new[] { "OpenAI", "Anthropic" })
            {
                var name = $"{kind.ToLowerInvariant()}-fake";
                builder.UseSetting($"Providers:{name}:Kind", kind);
                builder.UseSetting($"Providers:{name}:BaseUrl", provider.BaseUrl);
            }

            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }
        }).ReadyAsync();

    /// <summary>With real stores.</summary>
    public static Task<LimitedGateway> OnAsync(
        RealServers servers,
        string database,
        TimeProvider? time = null,
        string lease = "0.05"
    ) => new LimitedGateway(builder => Use(builder, servers, database, time, lease)).ReadyAsync();

    private async Task<LimitedGateway> ReadyAsync()
    {
        await Until.EqualAsync(
            true,
            async () =>
            {
                using var health = await Client.GetAsync("/health"); // the tables are there
                return health.IsSuccessStatusCode;
            }
        );
        foreach (var model in new[] { "mock", "fake" })
        {
            using var priced = await Client.PutAsync(
                $"/api/v1/llm/prices/2020-01-01/{model}",
                """{"input":0,"output":1}"""
            );
            priced.EnsureSuccessStatusCode();
        }

        return this;
    }

    private static void Use(
        IWebHostBuilder builder,
        RealServers servers,
        string database,
        TimeProvider? time,
        string lease
    )
    {
        Use(builder, time);
        builder.UseSetting("ConnectionStrings:llmdb", database);
        builder.UseSetting("ConnectionStrings:cache", servers.Redis);
        builder.UseSetting("Limits:RedisTimeout", "00:00:05"); // this is not about how fast the machine is
        builder.UseSetting("Limits:Lease", lease);
    }

    /// <summary>Makes a key.</summary>
    /// <param name="limits">Its limits, JSON.</param>
    public async Task<(string Id, HttpClient Client)> NewKeyAsync(string limits)
    {
        using var body = Requests.Json($$"""{"name":"test","scopes":["llm:invoke"],"limits":{{limits}}}""");
        using var response = await Client.PostAsync(new Uri("/api/v1/llm/keys", UriKind.Relative), body);
        var created = await response.ReadAsync(201);
        return (
            created.GetProperty("details").GetProperty("id").GetString()!,
            NewClient(created.GetProperty("key").GetString())
        );
    }

    /// <summary>Changes a key's limits.</summary>
    public async Task<JsonElement> SetLimitsAsync(string id, string limits)
    {
        using var response = await Client.PutAsync(
            new Uri($"/api/v1/llm/keys/{id}/limits", UriKind.Relative),
            Requests.Json(limits)
        );
        return await response.ReadAsync(200);
    }

    /// <summary>Creates or replaces a project.</summary>
    public async Task PutProjectAsync(string name, string project)
    {
        using var response = await Client.PutAsync($"/api/v1/llm/projects/{name}", project);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How a project's budget stands.</summary>
    public async Task<JsonElement> ProjectBudgetAsync(string name)
    {
        using var response = await Client.GetAsync($"/api/v1/llm/projects/{name}/budget");
        return await response.ReadAsync(200);
    }

    /// <summary>How a key's budget stands.</summary>
    public async Task<JsonElement> BudgetAsync(string id)
    {
        using var response = await Client.GetAsync($"/api/v1/llm/keys/{id}/budget");
        return await response.ReadAsync(200);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            TemporaryFolder.Delete(_journal);
        }
    }

    private static void Use(IWebHostBuilder builder, TimeProvider? time)
    {
        if (time is not null)
        {
            builder.ConfigureServices(services => services.AddSingleton(time));
        }
    }
}
