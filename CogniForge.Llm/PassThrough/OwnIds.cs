using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.ProviderState;

namespace CogniForge.Llm.PassThrough;

/// <summary>Keeps the keys of one account apart: a key sees only what it has created through this gateway.</summary>
internal sealed class OwnIds(IProviderStateStore store)
{
    private static readonly string[] _ids = ["id", "output_file_id", "error_file_id"];

    /// <summary>Finds the provider of an id.</summary>
    /// <returns>Whether the key owns the id, and its provider; null: unknown.</returns>
    public async Task<(bool IsOwn, string? Provider)> FindAsync(
        string caller,
        string id,
        CancellationToken cancellationToken
    )
    {
        var owned = await store.FindOwnAsync(caller, [id], cancellationToken);
        return (owned.TryGetValue(id, out var provider), provider);
    }

    /// <summary>
    /// The files that a batch names, and the member that names them: it runs where they are. A client may repeat the
    /// member, in another case of letters or within another one too, and providers differ in which of them counts.
    /// </summary>
    public static (string Path, string[] Ids) ReadInputFiles(PassThroughRequest request) =>
        (
            "input_file_id",
            [
                .. FindInputFiles(request.Inference.Body)
                    .Where(id => id.IsPresent())
                    .Select(id => id.Text() ?? id.ValueKind.ToString()),
            ]
        );

    private static IEnumerable<JsonElement> FindInputFiles(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(m =>
                    m.ValidName().Equals("input_file_id", StringComparison.OrdinalIgnoreCase)
                        ? [m.Value]
                        : FindInputFiles(m.Value)
                ),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(FindInputFiles),
            _ => [],
        };

    /// <summary>The ids in a response by which later requests refer to what the provider keeps.</summary>
    public static IReadOnlyList<string> Read(PassThroughEndpoint endpoint, JsonElement response) =>
        !endpoint.KeepsState || endpoint.IsList ? []
        : endpoint.Operation == "responses"
            ? response.Text("object") == "response" ? ProviderStateIds.ReadResponse(response) : []
        : [.. _ids.Select(name => response.Text(name)).OfType<string>()];

    /// <summary>Removes what belongs to other keys from a list, and points links to this gateway.</summary>
    /// <returns>The response to send; null: as it is.</returns>
    public async Task<byte[]?> RewriteAsync(
        PassThroughRequest request,
        string caller,
        ReadOnlyMemory<byte> response,
        CancellationToken cancellationToken
    )
    {
        var isBatch = request.Endpoint.Operation == "message_batches";
        if (!(request.Endpoint.IsList || isBatch) || StrictJson.Parse(response.Span) is not { } body)
        {
            return null;
        }

        if (request.Endpoint.IsList && body["data"] is JsonArray data)
        {
            string[] ids = [.. data.Objects().Select(item => item["id"].Text()).OfType<string>()];
            var owned = await store.FindOwnAsync(caller, ids, cancellationToken);
            body["data"] = new JsonArray([
                .. data.Objects()
                    .Where(item => item["id"].Text() is { } id && owned.ContainsKey(id))
                    .Select(item => item.DeepClone()),
            ]);
        }

        foreach (var item in body["data"].Objects().Append(body).Where(i => i["results_url"].Text() is not null))
        {
            // Anthropic's SDKs call this address, with the key of the gateway.
            var (http, id) = (request.Http.Request, Uri.EscapeDataString(item["id"].Text() ?? ""));
            item["results_url"] = $"{http.Scheme}://{http.Host}/v1/messages/batches/{id}/results";
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);
    }
}
