using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>
/// A gateway before two providers: <c>openai</c>, and <c>anthropic</c>. The route <c>listen</c> leads to
/// <c>openai/whisper-2</c>, and <c>write</c> to <c>openai/davinci-2</c> and then to <c>spare/davinci-3</c>.
/// </summary>
public sealed class PassThroughGateway : IAsyncLifetime, IAsyncDisposable
{
    private Host _host = null!;

    internal RecordingProvider OpenAi { get; private set; } = null!;

    internal RecordingProvider Anthropic { get; private set; } = null!;

    internal RecordingProvider Spare { get; private set; } = null!;

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    public async Task InitializeAsync()
    {
        (OpenAi, Anthropic, Spare) = (
            await RecordingProvider.StartAsync(),
            await RecordingProvider.StartAsync(),
            await RecordingProvider.StartAsync()
        );
        _host = new(OpenAi, Anthropic, Spare);
        await SetRouteAsync(
            "write",
            """
            {"targets":[{"provider":"openai","model":"davinci-2"},{"provider":"spare","model":"davinci-3"}],
             "defaults":{"temperature":0.5}}
            """
        );
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await OpenAi.DisposeAsync();
        await Anthropic.DisposeAsync();
        await Spare.DisposeAsync();
    }

    /// <summary>Creates a client with a key of its own.</summary>
    /// <param name="limits">The key's limits, JSON.</param>
    public async Task<HttpClient> NewKeyAsync(string limits = "{}")
    {
        using var body = Requests.Json($$"""{"name":"test","scopes":["llm:invoke"],"limits":{{limits}}}""");
        using var response = await Client.PostAsync(new Uri("/api/v1/llm/keys", UriKind.Relative), body);
        return _host.NewClient((await response.ReadAsync(201)).GetProperty("key").GetString());
    }

    /// <summary>Sets a route.</summary>
    public async Task SetRouteAsync(string name, string route)
    {
        using var body = Requests.Json(route);
        using var created = await Client.PutAsync(new Uri($"/api/v1/llm/routes/{name}", UriKind.Relative), body);
        created.EnsureSuccessStatusCode();
    }

    /// <summary>Sets the price of a model.</summary>
    public async Task SetPriceAsync(string model, string price)
    {
        using var body = Requests.Json(price);
        using var priced = await Client.PutAsync(
            new Uri($"/api/v1/llm/prices/2020-01-01/{model}", UriKind.Relative),
            body
        );
        priced.EnsureSuccessStatusCode();
    }

    /// <summary>Waits for the newest entry of the request log with a model.</summary>
    public async Task<JsonElement> LoggedAsync(string model)
    {
        JsonElement entry = default;
        await Until.TrueAsync(
            async () =>
            {
                using var response = await Client.GetAsync($"/api/v1/llm/requests?model={model}");
                var items = (await response.ReadAsync(200)).GetProperty("items");
                entry = items.GetArrayLength() > 0 ? items[0] : default;
                return entry.ValueKind == JsonValueKind.Object;
            },
            "the request is logged"
        );
        return entry;
    }

    /// <summary>A form with a file, and a field before and after it.</summary>
    public static MultipartContent Form(byte[] file, string? before = null, string? after = null)
    {
        var form = new MultipartFormDataContent("the-boundary");
        Add("model", before);
        form.Add(new ByteArrayContent(file), "file", "speech.mp3");
        Add("model", after);
        form.Add(new StringContent("json"), "response_format");
        return form;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(value)), name);
            }
        }
    }

    private sealed class Host(RecordingProvider openAi, RecordingProvider anthropic, RecordingProvider spare)
        : ServiceHost<Program>(builder =>
        {
            builder.UseSetting("Providers:openai:BaseUrl", openAi.BaseUrl);
            builder.UseSetting("Providers:openai:ApiKey", "sk-openai-key-of-this-test");
            builder.UseSetting("Providers:anthropic:BaseUrl", anthropic.BaseUrl);
            builder.UseSetting("Providers:anthropic:ApiKey", "sk-ant-key-of-this-test");
            builder.UseSetting("Providers:spare:BaseUrl", spare.BaseUrl);
            builder.UseSetting("Providers:openrouter:BaseUrl", spare.BaseUrl);
            builder.UseSetting("Providers:openrouter:ApiKey", "sk-or-key-of-this-test");
            builder.UseSetting("Routes:listen:Targets:0:Provider", "openai");
            builder.UseSetting("Routes:listen:Targets:0:Model", "whisper-2");
        });
}
