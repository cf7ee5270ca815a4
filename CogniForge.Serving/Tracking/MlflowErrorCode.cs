namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's error codes that this API returns, with the statuses of <c>mlflow/exceptions.py</c>.</summary>
internal static class MlflowErrorCode
{
    public const string DoesNotExist = "RESOURCE_DOES_NOT_EXIST";
    public const string AlreadyExists = "RESOURCE_ALREADY_EXISTS";
    public const string Conflict = "RESOURCE_CONFLICT";
    public const string InvalidParameter = "INVALID_PARAMETER_VALUE";
    public const string NotImplemented = "NOT_IMPLEMENTED";

    /// <summary>The HTTP status of an error code.</summary>
    public static int GetStatus(string code) =>
        code switch
        {
            DoesNotExist => StatusCodes.Status404NotFound,
            Conflict => StatusCodes.Status409Conflict,
            NotImplemented => StatusCodes.Status501NotImplemented,
            _ => StatusCodes.Status400BadRequest,
        };

    /// <summary>The error code of a status that the service itself returns.</summary>
    public static string From(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "UNAUTHENTICATED",
            StatusCodes.Status403Forbidden => "PERMISSION_DENIED",
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => "ENDPOINT_NOT_FOUND",
            StatusCodes.Status409Conflict => Conflict,
            StatusCodes.Status429TooManyRequests => "REQUEST_LIMIT_EXCEEDED",
            StatusCodes.Status503ServiceUnavailable => "TEMPORARILY_UNAVAILABLE",
            >= StatusCodes.Status500InternalServerError => "INTERNAL_ERROR",
            _ => InvalidParameter,
        };
}
