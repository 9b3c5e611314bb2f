"""Names, ARNs and qualifiers: which function a call means, and what cannot be one."""

from tests.integration.fidelity.case import ARN, INVALID, MISSING, VALIDATION, answer, refusal

ELSEWHERE = "arn:aws:lambda:eu-west-1:123456789012:function:NAME"
PATTERN = "failed to satisfy constraint: Member must satisfy regular expression pattern: …"
DETECTED = f"400 {VALIDATION}: 1 validation error detected:"
MISMATCH = "The derived qualifier from the function name does not match the specified qualifier."
UNREACHABLE = "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
ON_FUNCTIONS = (
    *("get_function", "get_function_configuration", "delete_function", "invoke"),
    *("get_function_event_invoke_config", "get_function_url_config", "get_policy"),
    *("get_function_code_signing_config", "get_function_concurrency", "list_aliases"),
    *("list_versions_by_function", "publish_version", "update_function_configuration"),
)
ON_QUALIFIERS = (
    *("get_function", "get_function_configuration", "delete_function", "invoke", "get_policy"),
    "get_function_event_invoke_config",
)

CASES = (
    *(
        refusal(
            f"{operation} takes no name with an exclamation mark",
            f"{DETECTED} Value 'my-function!' at 'functionName' {PATTERN}",
            operation,
            FunctionName="my-function!",
        )
        for operation in ON_FUNCTIONS
    ),
    *(
        refusal(
            f"{operation} takes no name of 300 letters",
            f"400 {VALIDATION}: …at 'functionName' failed to satisfy constraint: "
            "Member must have length less than or equal to …",
            operation,
            FunctionName="f" * 300,
        )
        for operation in ON_FUNCTIONS
    ),
    *(
        refusal(
            f"GetFunction takes no name like {name!r}",
            f"{DETECTED} Value '{name}' at 'functionName' {PATTERN}",
            "get_function",
            FunctionName=name,
        )
        for name in ("my function", "a:b:c:d", "arn:aws:lambda:us-east-1:12:function:x", "ä")
    ),
    *(
        refusal(
            f"{operation} does not reach a function of another region",
            f"404 {MISSING}: {UNREACHABLE}",
            operation,
            FunctionName=ELSEWHERE,
        )
        for operation in ON_FUNCTIONS
    ),
    *(
        refusal(
            f"{operation} takes no two qualifiers that differ",
            f"400 {INVALID}: {MISMATCH}",
            operation,
            FunctionName="NAME:1",
            Qualifier="$LATEST",
        )
        for operation in ON_QUALIFIERS
    ),
    *(
        refusal(
            f"{operation} takes no qualifier with an exclamation mark",
            f"{DETECTED} Value 'invalid!' at 'qualifier' {PATTERN}",
            operation,
            Qualifier="invalid!",
        )
        for operation in ON_QUALIFIERS
    ),
    *(
        refusal(
            f"{operation} takes no qualifier of 129 letters",
            f"400 {VALIDATION}: …at 'qualifier' failed to satisfy constraint: "
            "Member must have length less than or equal to 128",
            operation,
            Qualifier="q" * 129,
        )
        for operation in ON_QUALIFIERS
    ),
    *(
        answer(
            f"GetFunction takes the name as {form!r}",
            ARN + "NAME",
            lambda got: got["Configuration"]["FunctionArn"],
            "get_function",
            FunctionName=form,
        )
        for form in ("NAME", "function:NAME", "123456789012:function:NAME", f"{ARN}NAME")
    ),
    *(
        answer(
            f"Invoke takes name and qualifier as {form!r}",
            "1",
            lambda got: got["ExecutedVersion"],
            "invoke",
            FunctionName=form,
        )
        for form in ("NAME:1", "NAME:live", "123456789012:function:NAME:live", f"{ARN}NAME:1")
    ),
    answer(
        "The same qualifier twice is no contradiction",
        "1",
        lambda got: got["ExecutedVersion"],
        "invoke",
        FunctionName="NAME:live",
        Qualifier="live",
    ),
    *(
        refusal(
            f"{operation} of an unknown function names its ARN",
            f"404 {MISSING}: Function not found: {ARN}no",
            operation,
            FunctionName="no",
        )
        for operation in ("get_function", "get_function_configuration", "delete_function")
    ),
    *(
        refusal(
            f"{operation} of an unknown function names its ARN, with $LATEST",
            f"404 {MISSING}: Function not found: {ARN}no:$LATEST",
            operation,
            FunctionName="no",
            **more,
        )
        for operation, more in (
            ("invoke", {}),
            ("put_function_concurrency", {"ReservedConcurrentExecutions": 1}),
        )
    ),
    refusal(
        "An unknown version is named in the error",
        f"404 {MISSING}: Function not found: {ARN}NAME:99",
        "get_function",
        Qualifier="99",
    ),
    refusal(
        "Invoke of an unknown alias names it",
        f"404 {MISSING}: Function not found: {ARN}NAME:none",
        "invoke",
        Qualifier="none",
    ),
    refusal(
        "A function of another account is not found",
        f"404 {MISSING}: Function not found: 210987654321:function:NAME",
        "get_function",
        FunctionName="210987654321:function:NAME",
    ),
)
