using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using Refit;

namespace StandIns.Tests.Refit;

/// <summary>What the server saw.</summary>
public sealed record Seen(string Method, string Target, Dictionary<string, string> Headers, string Body);

public sealed record Thing(string Name, int? Count = null, Colour Colour = Colour.LightBlue);

public enum Colour
{
    [EnumMember(Value = "light-blue")]
    LightBlue,
    OK,
}

public sealed class Search
{
    public string? Text { get; set; }

    [AliasAs("page_size")]
    public int? Size { get; set; }

    [Query(Format = "yyyy-MM-dd")]
    public DateTime? Since { get; set; }

    [Query(CollectionFormat.Multi)]
    public string[]? Tags { get; set; }

    [JsonIgnore]
    public string Hidden { get; set; } = "hidden";

    public Search? Inner { get; set; }
}

[Headers("X-From: interface", "X-Static: interface", "User-Agent: tests/1")]
public interface IEcho
{
    [Get("/things/{id}/parts/{PART}?fixed=a%20b")]
    Task<Seen> PathAsync(int id, [AliasAs("part")] string segment, string? plain = null, [AliasAs("n")] int? number = null);

    [Get("/files/{**path}")]
    Task<Seen> RestOfPathAsync(string path);

    [Get("/search")]
    Task<Seen> SearchAsync([Query] Search search);

    [Get("/search")]
    Task<Seen> PrefixedAsync([Query("-", "q")] Search search);

    [Get("/search")]
    Task<Seen> DictionaryAsync(IDictionary<string, object> filters);

    [Get("/values")]
    Task<Seen> ValuesAsync(bool flag, decimal amount, Colour colour, [Query(Format = "O")] DateTimeOffset at);

    [Get("/list")]
    Task<Seen> ListAsync(int[] plain, [Query(CollectionFormat.Multi)] IEnumerable<string> several, [Query(CollectionFormat.Pipes)] List<int> piped);

    [Post("/things")]
    Task<Seen> PostAsync([Body] Thing thing, int dry);

    [Put("/things/{id}")]
    Task<Seen> PutAsync(string id, Thing thing);

    [Patch("/things")]
    Task<Seen> PatchBufferedAsync([Body(buffered: true)] Thing thing);

    [Post("/text")]
    Task<Seen> PostTextAsync([Body] string text);

    [Post("/text")]
    Task<Seen> PostJsonStringAsync([Body(BodySerializationMethod.Serialized)] string text);

    [Post("/empty")]
    Task<Seen> PostNothingAsync();

    [Delete("/things/{id}")]
    Task DeleteAsync(Guid id, CancellationToken cancellationToken);

    [Get("/headers")]
    [Headers("X-Static: method", "X-From", "Accept: text/x-test")]
    Task<Seen> HeadersAsync([Header("X-One")] string? one, [HeaderCollection] IDictionary<string, string> more, [Authorize] string token);

    [Get("/status/{status}")]
    Task<Thing> StatusAsync(int status, string? type = null, string? body = null);

    [Get("/status/{status}")]
    Task<ApiResponse<Thing>> ResponseAsync(int status, string? type = null, string? body = null);

    [Get("/status/{status}")]
    Task<IApiResponse<Thing>> ResponseInterfaceAsync(int status, string? type = null, string? body = null);

    [Get("/status/{status}")]
    Task<IApiResponse> PlainResponseAsync(int status, string? type = null, string? body = null);

    [Get("/status/{status}")]
    Task<HttpResponseMessage> MessageAsync(int status, string? body = null);

    [Get("/status/{status}")]
    Task<string> StringAsync(int status, string? body = null);

    [Get("/status/{status}")]
    Task<Stream> StreamAsync(int status, string? body = null);

    [Get("/status/{status}")]
    Task NothingAsync(int status);

    [Get("/slow")]
    Task<string> SlowAsync(CancellationToken cancellationToken);
}
