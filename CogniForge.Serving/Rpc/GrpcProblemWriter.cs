using System.Globalization;

namespace CogniForge.Serving.Rpc;

/// <summary>Writes errors that precede the call, such as a missing key, as a gRPC status.</summary>
internal sealed class GrpcProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    // A response without messages: its headers are also its trailers (gRPC over HTTP2, "Trailers-Only").
    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var response = context.HttpContext.Response;
        var status = GrpcStatus.From(problem.Status ?? response.StatusCode);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = $"{(int)status}";
        if (int.TryParse(response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            response.Headers[GrpcFailures.Pushback] = $"{seconds * 1000L}";
        }

        response.Headers["grpc-message"] = Uri.EscapeDataString(problem.Detail ?? problem.Title ?? $"{status}");
        await response.StartAsync(context.HttpContext.RequestAborted);
    }
}
