namespace CogniForge.Bench.Processes;

/// <summary>The cost of ASP.NET alone: reads the body and returns the requested number of bytes.</summary>
/// <remarks>No key, no JSON, no telemetry.</remarks>
internal static class BareEndpoint
{
    /// <summary>The argument that makes this program run as the bare server.</summary>
    public const string Argument = "bare";

    /// <summary>The path of a model whose responses to the Open Inference Protocol v2 are all the same.</summary>
    public const string Model = "/v2/models/breast-cancer";

    private const int MaxResponseBytes = 1 << 20;

    private static readonly byte[] _inference =
        """
        {"model_name":"breast-cancer","outputs":[
        {"name":"probability","datatype":"FP64","shape":[1],"data":[0.5]},
        {"name":"label","datatype":"BYTES","shape":[1],"data":["benign"]}]}
        """u8.ToArray();

    /// <summary>The path whose response has the given number of bytes.</summary>
    public static string Path(int bytes) =>
        bytes <= MaxResponseBytes
            ? $"/bare/{bytes}"
            : throw new BenchException($"The bare endpoint returns at most {MaxResponseBytes} bytes.");

    /// <summary>Serves until the process ends.</summary>
    public static Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();

        var response = new byte[MaxResponseBytes];
        Array.Fill(response, (byte)' ');
        app.MapPost(
            "/bare/{bytes:int}",
            (int bytes, HttpContext context) => ExchangeAsync(context, response.AsMemory(0, bytes))
        );
        app.MapPost($"{Model}/infer", (HttpContext context) => ExchangeAsync(context, _inference));
        return app.RunAsync();
    }

    private static async Task ExchangeAsync(HttpContext context, ReadOnlyMemory<byte> response)
    {
        var body = context.Request.BodyReader;
        for (var completed = false; !completed;)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            completed = read.IsCompleted;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = response.Length;
        await context.Response.Body.WriteAsync(response, context.RequestAborted);
    }
}
