using System.Text.Json;
using CogniForge.Serving.Models;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>A model with mock versions, all of which serve; responses tell which one answered.</summary>
internal sealed class RoutedModel(HttpClient client, string name)
{
    public const string Row = """{"name":"x","datatype":"FP64","shape":[1],"data":[1]}""";

    public RegistryClient Registry { get; } = new(client);

    public string Name => name;

    /// <summary>Registers it.</summary>
    /// <param name="client">The service.</param>
    /// <param name="versions">The JSON of each version; a short word stands for the definition of a mock.</param>
    public static async Task<RoutedModel> CreateAsync(HttpClient client, params string[] versions)
    {
        var model = new RoutedModel(client, $"m{Guid.CreateVersion7():n}");
        await model.Registry.RegisterAsync(model.Name);
        foreach (var (i, version) in versions.Index())
        {
            var json = version switch
            {
                "ok" => RegistryClient.Mock,
                "fails" => """{"kind":"mock","definition":{"error":"It is broken."}}""",
                "slow" => """{"kind":"mock","definition":{"delayMs":60000}}""",
                _ => version,
            };
            await model.Registry.ReadAsync(201, "POST", $"/{model.Name}/versions", json);
            await model.Registry.MoveThroughAsync(model.Name, i + 1, "ready", "serving");
        }

        return model;
    }

    public Task<JsonElement> RouteAsync(string policy) => Registry.ReadAsync(200, "PUT", $"/{name}/routing", policy);

    /// <summary>Sends a request, and returns the version that answered.</summary>
    public async Task<string> InferAsync()
    {
        using var response = await SendAsync();
        return (await response.ReadAsync(200)).GetProperty("model_version").GetString()!;
    }

    /// <summary>Sends requests in a row, and returns how many each version answered; "-" are failures.</summary>
    public async Task<IReadOnlyDictionary<string, int>> InferAsync(int requests)
    {
        var answers = new List<string>();
        for (var i = 0; i < requests; i++)
        {
            using var response = await SendAsync();
            answers.Add(
                response.IsSuccessStatusCode
                    ? (await response.ReadAsync(200)).GetProperty("model_version").GetString()!
                    : "-"
            );
        }

        return answers.CountBy(a => a).ToDictionary(a => a.Key, a => a.Value);
    }

    public Task<HttpResponseMessage> SendAsync(string path = "/infer", string more = "") =>
        client.PostAsync($"/v2/models/{name}{path}", $$"""{"inputs":[{{Row}}]{{more}}}""");

    /// <summary>The requests in flight of its first version.</summary>
    public async Task<int> CountOutstandingAsync(ServingService service)
    {
        var version = await service
            .Services.GetRequiredService<IModelStore>()
            .FindAsync(name, 1, CancellationToken.None);
        return service.Services.GetRequiredService<TrafficRegistry>().Get(version!).Outstanding;
    }
}
