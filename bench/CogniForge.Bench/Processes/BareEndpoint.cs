namespace CogniForge.Bench.Processes;

/// <summary>The cost of ASP.NET alone: reads the body and returns the requested number of bytes.</summary>
/// <remarks>No key, no JSON, no telemetry.</remarks>
internal static class BareEndpoint
{
    /// <summary>The argument that makes this program run as the bare server.</summary>
    public const string Argument = "bare";

    private const int MaxResponseBytes = 1 << 20;

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
            async (int bytes, HttpContext context) =>
            {
                var body = context.Request.BodyReader;
                for (var completed = false; !completed;)
                {
                    var read = await body.ReadAsync(context.RequestAborted);
                    body.AdvanceTo(read.Buffer.End);
                    completed = read.IsCompleted;
                }

                context.Response.ContentType = "application/json";
                context.Response.ContentLength = bytes;
                await context.Response.Body.WriteAsync(response.AsMemory(0, bytes), context.RequestAborted);
            }
        );
        return app.RunAsync();
    }
}
