using Grpc.Core;

namespace CogniForge.Serving.Rpc;

/// <summary>The gRPC status for an HTTP status.</summary>
internal static class GrpcStatus
{
    public static StatusCode From(int httpStatus) =>
        httpStatus switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => StatusCode.InvalidArgument,
            StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
            StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
            StatusCodes.Status404NotFound => StatusCode.NotFound,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests =>
                StatusCode.ResourceExhausted,
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
            StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
            _ => StatusCode.Internal,
        };
}
